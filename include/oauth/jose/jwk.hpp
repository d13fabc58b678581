#ifndef OAUTH_JOSE_JWK_HPP
#define OAUTH_JOSE_JWK_HPP

#include <oauth/core/base64url.hpp>
#include <oauth/core/detail/strict_json.hpp>
#include <oauth/core/secret.hpp>
#include <oauth/core/sha256.hpp>
#include <oauth/error/result.hpp>
#include <oauth/jose/detail/key_use.hpp>
#include <oauth/jose/detail/public_material.hpp>
#include <oauth/jose/detail/reread.hpp>
#include <oauth/jose/detail/signature.hpp>
#include <oauth/jose/jws_algorithm.hpp>
#include <boost/json/array.hpp>
#include <boost/json/monotonic_resource.hpp>
#include <boost/json/object.hpp>
#include <array>
#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace oauth {

namespace detail {

struct jwk_data
{
    public_material material = {};
    secret octets = {};   ///< of a shared secret
    std::string key_id = {};
    std::string issuer = {};
    key_use use = {};
};

/// All that a @ref jwk shares with its copies.
struct shared_jwk : jwk_data
{
    check_beginnings beginnings = {};

    explicit shared_jwk(jwk_data&& data) noexcept : jwk_data(std::move(data)) {}
};

struct jwk_access;

} // namespace detail

/** A key to check signatures with: a public key, or the secret that both sides share.

    Made of a JSON Web Key's parameters, never of its certificate (`x5c` is not looked at). Immutable; copies share the one key.

    @par Thread safety
    Safe: any number of threads may check with one key, and with its copies.

    @par Specification
    RFC 7517, RFC 7518 6, RFC 8037 2
*/
class jwk
{
    std::shared_ptr<detail::shared_jwk const> data_;

    explicit jwk(std::shared_ptr<detail::shared_jwk const> data) noexcept : data_(std::move(data)) {}

    friend struct detail::jwk_access;

public:
    /** Read a public key.

        `kty` is RSA (2048 to 16384 bits), EC (P-256, P-384, P-521) or OKP (Ed25519). Members that are not known are passed over.

        @param members A JSON Web Key.

        @return The key, or
            @li errc::private_key_exposed when there is a private member (`d`, `p`, `q`, `dp`, `dq`, `qi`, `oth`, `k`): whoever published it must replace it,
            @li errc::unsupported_key for another `kty` or curve, or a larger RSA key,
            @li errc::weak_key for a smaller RSA key,
            @li errc::malformed_key when a member is missing, of another type, not canonical base64url, or makes no key: the point is not on its curve, for instance.

        The advice is always advice::give_up. No failure holds anything of the key.

        @par Complexity
        That of OpenSSL's `EVP_PKEY_fromdata`: a few microseconds for RSA, some tens for EC.

        @par Exception safety
        Strong; only allocation throws.
    */
    static result<jwk> parse(boost::json::object const& members);

    /** As above, of a JSON text of at most 64 KiB.

        @return Also errc::malformed_key when the text is no JSON object, is nested over 16 deep, or has a member twice.
    */
    static result<jwk> parse(std::string_view json);

    /** The secret that a client shares with its server, as the key of HS256, HS384 and HS512 (OpenID Connect Core 10.1).

        Takes any length; @ref permits tells which algorithms it is long enough for.

        @return The key, or errc::malformed_key where the secret is empty.
    */
    static result<jwk> symmetric(secret const& octets, std::string key_id = {});

    /// `kid`; empty where the key has none. The view lives as long as a copy of this key does.
    std::string_view key_id() const noexcept { return data_->key_id; }

    /// This key with another `kid`.
    jwk with_key_id(std::string key_id) const;

    /// `alg`: the one algorithm that the key is meant for. Nothing where it has none, or one that is not known: then it permits nothing.
    std::optional<jws_algorithm> algorithm() const noexcept { return data_->use.algorithm; }

    /// `issuer`, Microsoft's own member: whose tokens alone it may sign, or with "{tenantid}" in it, those of each tenant. Empty where the key has none.
    std::string_view issuer() const noexcept { return data_->issuer; }

    /// May a signature of this algorithm be checked with this key? Never throws; costs a few comparisons.
    bool permits(jws_algorithm algorithm) const noexcept { return misfit(algorithm) == nullptr; }

    /** The same, with the reason.

        @return errc::key_not_fit when the key's kind, curve, `alg`, `use`, `key_ops` or (of a shared secret) length do not allow it; the hint says which.
    */
    result<void> check_permits(jws_algorithm algorithm) const
    {
        auto const* const why = misfit(algorithm);
        if (why == nullptr) return {};
        return detail::key_fault(errc::key_not_fit, why);
    }

    /** The SHA-256 thumbprint, as base64url. Empty for a shared secret, whose thumbprint would help to guess it.

        @par Specification
        RFC 7638 3, RFC 8037 A.3
    */
    std::string thumbprint() const;

    /// The key as a JSON Web Key: its public parameters, `kid`, `alg`, `use` and `issuer` as far as it has them. Of a shared secret, no parameter.
    boost::json::object json() const;

    /// Only the members that make the key, such as `kty`, `crv`, `x` and `y`: what a DPoP proof carries and a thumbprint is made of. Empty for a shared secret.
    boost::json::object required_members() const;

private:
    char const* misfit(jws_algorithm algorithm) const noexcept { return detail::misfit(data_->material.kind, data_->material.bits, data_->use, algorithm, false); }
};

namespace detail {

/// For the rest of this room.
struct jwk_access
{
    static jwk make(jwk_data&& data) { return jwk(std::make_shared<shared_jwk const>(std::move(data))); }
    static shared_jwk const& data(jwk const& key) noexcept { return *key.data_; }
};

inline std::optional<failure> refuse_private_members(boost::json::object const& members)
{
    for (std::string_view const name : {"d", "p", "q", "dp", "dq", "qi", "oth", "k"})
        if (find_member(members, name) != nullptr) return key_fault(errc::private_key_exposed, "a public key was expected");
    return std::nullopt;
}

inline result<public_material> read_public_material(boost::json::object const& members)
{
    std::string_view kind;
    if (!read_text(members, "kty", kind) || kind.empty()) return key_fault(errc::malformed_key, "kty is missing or not a text");
    if (kind == "RSA") return read_rsa(members);
    if (kind == "EC") return read_ec(members);
    if (kind == "OKP") return read_okp(members);
    return key_fault(errc::unsupported_key, "the kinds of public keys are RSA, EC and OKP");
}

} // namespace detail

inline result<jwk> jwk::parse(boost::json::object const& members)
{
    if (auto exposed = detail::refuse_private_members(members)) return std::move(*exposed);
    auto use = detail::read_key_use(members);
    if (use.has_error()) return use.error();
    std::string_view key_id, issuer;
    if (!detail::read_text(members, "kid", key_id) || !detail::read_text(members, "issuer", issuer))
        return detail::key_fault(errc::malformed_key, "kid or issuer is not a text");
    auto material = detail::read_public_material(members);
    if (material.has_error()) return material.error();
    return detail::jwk_access::make({.material = std::move(*material), .key_id = std::string(key_id), .issuer = std::string(issuer), .use = *use});
}

inline result<jwk> jwk::parse(std::string_view json)
{
    std::array<unsigned char, 4096> room;   // a key without certificates fits in
    boost::json::monotonic_resource memory(room.data(), room.size());
    auto const members = detail::strict_json_object(json, {}, &memory);
    if (members.has_error()) return detail::reread(members.error(), errc::malformed_key, "the key");
    return parse(*members);
}

inline result<jwk> jwk::symmetric(secret const& octets, std::string key_id)
{
    if (octets.empty()) return detail::key_fault(errc::malformed_key, "the secret is empty");
    detail::jwk_data data{.octets = octets, .key_id = std::move(key_id)};
    data.material.kind = detail::key_kind::octets;
    data.material.bits = octets.size() * 8;
    return detail::jwk_access::make(std::move(data));
}

inline jwk jwk::with_key_id(std::string key_id) const
{
    auto const& have = *data_;
    return detail::jwk_access::make({.material = have.material.share(), .octets = have.octets, .key_id = std::move(key_id), .issuer = have.issuer, .use = have.use});
}

inline boost::json::object jwk::required_members() const
{
    auto const& material = data_->material;
    auto const curve = detail::curve_name(material.kind);
    // In the order of RFC 7638 3.3: of their names.
    switch (material.kind)
    {
    case detail::key_kind::rsa: return {{"e", material.second}, {"kty", "RSA"}, {"n", material.first}};
    case detail::key_kind::p256:
    case detail::key_kind::p384:
    case detail::key_kind::p521:
        return {{"crv", boost::json::string_view(curve.data(), curve.size())}, {"kty", "EC"}, {"x", material.first}, {"y", material.second}};
    case detail::key_kind::ed25519: return {{"crv", "Ed25519"}, {"kty", "OKP"}, {"x", material.first}};
    case detail::key_kind::octets: break;
    }
    return {};
}

inline boost::json::object jwk::json() const
{
    auto out = required_members();
    if (data_->material.kind == detail::key_kind::octets) out["kty"] = "oct";
    auto const add = [&out](char const* name, std::string_view text) {
        if (!text.empty()) out[name] = boost::json::string_view(text.data(), text.size());
    };
    add("kid", data_->key_id);
    if (data_->use.algorithm) add("alg", to_string(*data_->use.algorithm));
    if (!data_->use.other_use) add("use", "sig");
    if (data_->use.other_use || data_->use.other_algorithm || !data_->use.may_verify) out["key_ops"] = boost::json::array();   // so that whoever reads it permits no more
    add("issuer", data_->issuer);
    return out;
}

inline std::string jwk::thumbprint() const
{
    // The values are base64url and names: none needs an escape.
    std::string text;
    for (auto const& member : required_members())
    {
        text += text.empty() ? "{\"" : ",\"";
        text.append(member.key().data(), member.key().size()).append("\":\"");
        text.append(member.value().get_string().data(), member.value().get_string().size()).append("\"");
    }
    if (text.empty()) return text;
    auto const digest = sha256(text += '}');
    return base64url_encode(std::span<std::byte const>(digest));
}

} // namespace oauth

#endif
