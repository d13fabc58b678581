#ifndef OAUTH_JOSE_DETAIL_KEY_USE_HPP
#define OAUTH_JOSE_DETAIL_KEY_USE_HPP

#include <oauth/error/result.hpp>
#include <oauth/jose/detail/algorithm_traits.hpp>
#include <oauth/jose/jws_algorithm.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace oauth::detail {

inline failure key_fault(errc why, char const* hint = "") { return failure(why, advice::give_up, hint); }

inline boost::json::value const* find_member(boost::json::object const& from, std::string_view name) noexcept
{
    return from.if_contains(boost::json::string_view(name.data(), name.size()));
}

/// The text of a member into `out`, which is left alone where the member is absent. False where it is no text.
inline bool read_text(boost::json::object const& from, std::string_view name, std::string_view& out) noexcept
{
    auto const* const value = find_member(from, name);
    if (value == nullptr) return true;
    auto const* const text = value->if_string();
    if (text == nullptr) return false;
    out = {text->data(), text->size()};
    return true;
}

/// What a key says that it is for.
struct key_use
{
    std::optional<jws_algorithm> algorithm = {};   ///< `alg`
    bool other_algorithm = false;                  ///< `alg` names one that is none of a JWS, or none that is known
    bool other_use = false;                        ///< `use` is another than "sig"
    bool may_sign = true;                          ///< `key_ops` is absent, or names it
    bool may_verify = true;
};

/// `alg`, `use` and `key_ops` of a JWK (RFC 7517 4.2 to 4.4). Fails with errc::malformed_key.
inline result<key_use> read_key_use(boost::json::object const& from)
{
    key_use out;
    std::string_view algorithm, use = "sig";
    if (!read_text(from, "alg", algorithm)) return key_fault(errc::malformed_key, "alg is not a text");
    if (!read_text(from, "use", use)) return key_fault(errc::malformed_key, "use is not a text");
    out.other_use = use != "sig";
    if (find_member(from, "alg") != nullptr)
    {
        out.algorithm = to_jws_algorithm(algorithm);
        out.other_algorithm = !out.algorithm;
    }
    auto const* const operations = find_member(from, "key_ops");
    if (operations == nullptr) return out;
    out.may_sign = out.may_verify = false;
    if (!operations->is_array()) return key_fault(errc::malformed_key, "key_ops is not a list");
    for (auto const& each : operations->get_array())
    {
        auto const* const name = each.if_string();
        if (name == nullptr) return key_fault(errc::malformed_key, "key_ops holds something else than texts");
        bool* const meant = *name == "sign" ? &out.may_sign : *name == "verify" ? &out.may_verify : nullptr;
        if (meant == nullptr) continue;
        if (*meant) return key_fault(errc::malformed_key, "key_ops names an operation twice");
        *meant = true;
    }
    return out;
}

inline constexpr std::size_t least_rsa_bits = 2048, most_rsa_bits = 16384;

/// Why a key may not be used with an algorithm: null where it may. `bits` is the length of an RSA key's modulus, or of a secret.
inline char const* misfit(key_kind kind, std::size_t bits, key_use const& use, jws_algorithm algorithm, bool signing) noexcept
{
    auto const& needed = traits_of(algorithm);
    if (kind != needed.kind) return is_ec(kind) && is_ec(needed.kind) ? "it is on another curve than the algorithm's" : "it is of another kind than the algorithm's";
    if (use.other_algorithm || (use.algorithm && *use.algorithm != algorithm)) return "its own alg is another one";
    if (use.other_use) return "its use is not sig";
    if (!(signing ? use.may_sign : use.may_verify)) return signing ? "its key_ops do not name sign" : "its key_ops do not name verify";
    if (kind == key_kind::octets && bits < needed.digest_size * 8) return "the secret is shorter than the algorithm's digest";
    return nullptr;
}

} // namespace oauth::detail

#endif
