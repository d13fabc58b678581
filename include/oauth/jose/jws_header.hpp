#ifndef OAUTH_JOSE_JWS_HEADER_HPP
#define OAUTH_JOSE_JWS_HEADER_HPP

#include <oauth/core/base64url.hpp>
#include <oauth/core/detail/strict_json.hpp>
#include <oauth/core/scope.hpp>
#include <oauth/error/result.hpp>
#include <oauth/jose/detail/key_use.hpp>
#include <oauth/jose/detail/reread.hpp>
#include <oauth/jose/jws_algorithm.hpp>
#include <boost/json/object.hpp>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

namespace oauth {

/** The header of a signed token. It is part of what is signed.

    @par Specification
    RFC 7515 4.1
*/
struct jws_header
{
    jws_algorithm algorithm = jws_algorithm::rs256;   ///< `alg`
    std::string key_id = {};                          ///< `kid`; empty where it is absent
    std::string type = {};                            ///< `typ`; empty where it is absent
    std::string content_type = {};                    ///< `cty`; empty where it is absent
    boost::json::object members = {};                 ///< all of it

    /** Is `typ` this one, such as "at+jwt"? Letter case and an "application/" in front do not matter.

        @par Specification
        RFC 7515 4.1.9
    */
    bool has_type(std::string_view expected) const noexcept
    {
        std::string_view have = type;
        for (std::string_view* const each : {&have, &expected})
            if (constexpr std::string_view prefix = "application/"; each->size() > prefix.size() && detail::ascii_iequal(each->substr(0, prefix.size()), prefix)) each->remove_prefix(prefix.size());
        return detail::ascii_iequal(have, expected);
    }

    /** Is it a JWT of no kind of its own: without `typ`, or with "JWT" there? A kind that has a `typ` must not pass for one that has none.

        @par Specification
        RFC 7519 5.1, RFC 8725 3.11
    */
    bool is_plain_jwt() const noexcept { return type.empty() || has_type("JWT"); }
};

namespace detail {

inline failure token_fault(errc why, char const* hint = "") { return failure(why, advice::give_up, hint); }

/// Members of a header that take a token's key from the token itself, RFC 7515 4.1.2, 4.1.3 and 4.1.5; `x5c`, `x5t` and `kid` only describe one.
inline bool brings_key(boost::json::object const& members) noexcept
{
    for (std::string_view const name : {"jwk", "jku", "x5u"})
        if (find_member(members, name) != nullptr) return true;
    return false;
}

/// Does it demand that extensions be understood? None is.
inline bool demands_extension(boost::json::object const& members) noexcept
{
    // RFC 7797 6 has `b64` named in `crit`. Where it is not, one reader would heed it and another would not.
    auto const* const encoded = find_member(members, "b64");
    return find_member(members, "crit") != nullptr || (encoded != nullptr && !(encoded->is_bool() && encoded->get_bool()));
}

/// The header of its base64url.
inline result<jws_header> read_jws_header(std::string_view encoded)
{
    auto const text = base64url_decode(encoded);
    if (!text) return token_fault(errc::malformed_token, "the header is not canonical base64url");
    auto members = strict_json_object(*text);
    if (members.has_error()) return reread(members.error(), errc::malformed_token, "the header");
    jws_header out;
    std::string_view algorithm, key_id, type, content_type;
    if (!read_text(*members, "alg", algorithm) || algorithm.empty()) return token_fault(errc::malformed_token, "the header's alg is missing or not a text");
    if (!read_text(*members, "kid", key_id) || !read_text(*members, "typ", type) || !read_text(*members, "cty", content_type))
        return token_fault(errc::malformed_token, "the header's kid, typ or cty is not a text");
    if (ascii_iequal(algorithm, "none")) return token_fault(errc::unsigned_token);
    auto const known = to_jws_algorithm(algorithm);
    if (!known) return token_fault(errc::unsupported_algorithm);
    if (demands_extension(*members)) return token_fault(errc::unsupported_header, "crit or b64");
    return jws_header{*known, std::string(key_id), std::string(type), std::string(content_type), std::move(*members)};
}

} // namespace detail

} // namespace oauth

#endif
