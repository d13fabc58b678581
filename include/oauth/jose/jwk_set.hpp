#ifndef OAUTH_JOSE_JWK_SET_HPP
#define OAUTH_JOSE_JWK_SET_HPP

#include <oauth/core/detail/strict_json.hpp>
#include <oauth/error/result.hpp>
#include <oauth/jose/detail/key_use.hpp>
#include <oauth/jose/detail/reread.hpp>
#include <oauth/jose/jwk.hpp>
#include <oauth/jose/jws_algorithm.hpp>
#include <boost/json/monotonic_resource.hpp>
#include <boost/json/object.hpp>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace oauth {

/** The keys that a server signs with, as it publishes them.

    Immutable; copies share the keys.

    @par Thread safety
    Safe: any number of threads may use one set, and its copies.

    @par Specification
    RFC 7517 5
*/
class jwk_set
{
public:
    /// A key of the set that can't be used, and why.
    struct unusable_key
    {
        std::string key_id;   ///< `kid`; empty where it has none. The server wrote it: untrusted.
        failure why;
    };

    static constexpr std::size_t max_keys = 1024;
    static constexpr std::size_t max_candidates = 16;

private:
    struct contents
    {
        std::vector<jwk> keys;
        std::vector<unusable_key> unusable;
    };

    std::shared_ptr<contents const> contents_ = std::make_shared<contents const>();

public:
    /// No keys.
    jwk_set() = default;

    /// These keys.
    explicit jwk_set(std::vector<jwk> keys) : contents_(std::make_shared<contents const>(contents{std::move(keys), {}})) {}

    /** Read a key set.

        A key that can't be used, of an unknown kind for instance, is passed over: see @ref unusable. A `kid` may come several times. An empty set is one, too.

        @param json The document.
        @param limit The most bytes that are read: a thousand keys with their certificates, as Microsoft has them, take about two million. A transport must let as many through, as
            `beast_transport_options::max_body_size` does.

        @return The set, or errc::malformed_key_set when it is no JSON object with a list `keys` of at most 1024 objects, is over the limit, is nested over 16 deep, or has a
        member twice. The advice is advice::give_up.

        @par Complexity
        Each key is built once, here: about 5 µs each for RSA, 15 µs for P-256.

        @par Exception safety
        Strong; only allocation throws.
    */
    static result<jwk_set> parse(std::string_view json, std::size_t limit = std::size_t{4} << 20);

    /** The same keys, and one more: a client's secret, which no server publishes. A @ref parse "key set that was read" never holds a secret, since a key with private members is unusable.

        A secret without `kid` is a candidate whatever the token's `kid`: only the two sides know it (OpenID Connect Core 10.1).
    */
    jwk_set with(jwk key) const
    {
        auto more = *contents_;
        more.keys.push_back(std::move(key));
        jwk_set out;
        out.contents_ = std::make_shared<contents const>(std::move(more));
        return out;
    }

    /// The keys that can be used, in the server's order. The reference lives as long as a copy of this set does.
    std::vector<jwk> const& keys() const noexcept { return contents_->keys; }

    /// The keys that can't be used. The reference lives as long as a copy of this set does.
    std::vector<unusable_key> const& unusable() const noexcept { return contents_->unusable; }

    bool empty() const noexcept { return contents_->keys.empty(); }

    /** The keys that a signature may have been made with: those with the token's `kid` that permit the algorithm or, where the token names none, all that permit it.
        A shared secret without `kid` answers to any.

        @param key_id The token's `kid`, or "".
        @param algorithm The token's `alg`.

        @return One key as a rule, 16 at most, or
            @li errc::unknown_key, with advice::retry, when there is none: the server may have a new one, so get its keys anew,
            @li errc::key_not_fit when there are keys of that `kid`, but none permits the algorithm,
            @li why it can't be used, when that is so of the key of that `kid`.

        @par Complexity
        Linear in the number of keys: a comparison each.
    */
    result<std::vector<jwk>> candidates(std::string_view key_id, jws_algorithm algorithm) const;
};

inline result<jwk_set> jwk_set::parse(std::string_view json, std::size_t limit)
{
    boost::json::monotonic_resource memory(json.size() < limit ? json.size() + 1024 : 1024);
    auto const document = detail::strict_json_object(json, {.size = limit}, &memory);
    if (document.has_error()) return detail::reread(document.error(), errc::malformed_key_set, "the key set");
    auto const* const list = detail::find_member(*document, "keys");
    if (list == nullptr || !list->is_array()) return failure(errc::malformed_key_set, advice::give_up, "there is no list called keys");
    auto const& array = list->get_array();
    if (array.size() > max_keys) return failure(errc::malformed_key_set, advice::give_up, "more than 1024 keys");
    contents read;
    read.keys.reserve(array.size());
    for (auto const& each : array)
    {
        auto const* const members = each.if_object();
        if (members == nullptr) return failure(errc::malformed_key_set, advice::give_up, "keys holds something else than objects");
        auto key = jwk::parse(*members);
        if (key.has_value())
        {
            read.keys.push_back(std::move(*key));
            continue;
        }
        std::string_view key_id;
        detail::read_text(*members, "kid", key_id);
        read.unusable.push_back({std::string(key_id), key.error()});
    }
    jwk_set out;
    out.contents_ = std::make_shared<contents const>(std::move(read));
    return out;
}

inline result<std::vector<jwk>> jwk_set::candidates(std::string_view key_id, jws_algorithm algorithm) const
{
    std::vector<jwk> out;
    jwk const* named = nullptr;
    for (auto const& key : keys())
    {
        bool const nameless_secret = key.key_id().empty() && detail::jwk_access::data(key).material.kind == detail::key_kind::octets;
        if (!key_id.empty() && !nameless_secret)
        {
            if (key.key_id() != key_id) continue;
            named = &key;
        }
        if (!key.permits(algorithm)) continue;
        out.push_back(key);
        if (out.size() == max_candidates) break;
    }
    if (!out.empty()) return out;
    if (named != nullptr) return named->check_permits(algorithm).error();
    if (!key_id.empty())
        for (auto const& each : unusable())
            if (each.key_id == key_id) return each.why;
    return failure(errc::unknown_key, advice::retry, key_id.empty() ? "no key of the set permits the token's algorithm" : "the set has no key of the token's kid");
}

} // namespace oauth

#endif
