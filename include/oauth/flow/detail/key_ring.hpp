#ifndef OAUTH_FLOW_DETAIL_KEY_RING_HPP
#define OAUTH_FLOW_DETAIL_KEY_RING_HPP

#include <oauth/core/secret.hpp>
#include <oauth/core/server_metadata.hpp>
#include <oauth/core/time_point.hpp>
#include <oauth/error/result.hpp>
#include <oauth/flow/detail/fetch_jwk_set.hpp>
#include <oauth/flow/detail/kept_document.hpp>
#include <oauth/jose/jwk.hpp>
#include <oauth/jose/jwk_set.hpp>
#include <oauth/jose/jws_algorithm.hpp>
#include <memory>
#include <optional>
#include <utility>

namespace oauth::detail {

/** A server's keys, as this process knows them: a @ref kept_document, so that no key serves that was fetched more than a week ago.

    Where the caller takes HS256, HS384 or HS512 the client's secret is one of them (OpenID Connect Core 10.1); where it takes nothing else, or the server publishes no keys, it is the only
    one, and nothing is fetched. A public key is never the secret of an HMAC: each @ref jwk is one or the other, and a published set holds no secret.

    @par Thread safety
    Safe.
*/
class key_ring
{
    using keys = std::shared_ptr<jwk_set const>;

    jws_algorithms allowed_ = jws_algorithms::asymmetric();
    secret shared_;                // the client's secret, whatever it is good for
    result<void> secret_fits_;     // why the client's secret is no key
    std::optional<jwk> secret_;    // the client's, where it may be a key
    keys secret_alone_;
    kept_document<jwk_set> published_;

    result<void> take_secret(secret const& shared)
    {
        auto const refused = [](errc why, char const* hint) { return failure(why, advice::fix_configuration, hint); };
        if (shared.empty()) return refused(errc::invalid_client, "Config::id_token_algorithms takes HS256, whose key is client.secret");
        auto key = jwk::symmetric(shared);
        if (key.has_error()) return key.error();
        bool fits = false;
        for (auto const each : {jws_algorithm::hs256, jws_algorithm::hs384, jws_algorithm::hs512}) fits = fits || (allowed_.contains(each) && key->permits(each));
        if (!fits) return refused(errc::key_not_fit, "client.secret is too short to be the key of Config::id_token_algorithms: HS256 takes 32 bytes");
        secret_alone_ = std::make_shared<jwk_set const>(jwk_set().with(*key));
        secret_ = std::move(*key);
        return {};
    }

public:
    key_ring() = default;

    /// @param allowed What a token may be signed with. @param shared The client's secret; a key where `allowed` holds HS256 or the like; masked in what the server refuses with.
    key_ring(jws_algorithms allowed, secret const& shared) : allowed_(allowed), shared_(shared)
    {
        if (!allowed.common(jws_algorithms::symmetric()).empty()) secret_fits_ = take_secret(shared);
    }

    /** @param seen Keys that will not do, since one is missing among them; empty: any that are not older than a day will.

        @return The keys: also `seen` where they were asked for a moment ago, or older ones where they can't be fetched anew. Or, also for a while after the fetch, errc::missing_endpoint without a jwks_uri, and what the
            transport or @ref decode_jwk_set fails with. Where only the client's secret would do: errc::invalid_client, errc::key_not_fit without one that does.
    */
    template <class Transport>
    result<keys> get(Transport& transport, server_metadata const& server, keys const& seen, time_point now)
    {
        bool const takes_secret = !allowed_.common(jws_algorithms::symmetric()).empty();
        if (takes_secret && (server.jwks_uri.empty() || allowed_.common(jws_algorithms::asymmetric()).empty()))
        {
            if (secret_fits_.has_error()) return secret_fits_.error();
            return secret_alone_;
        }
        return published_.get(seen, now, [&]() -> result<jwk_set> {
            auto fetched = fetch_jwk_set(transport, server.jwks_uri, shared_.reveal());
            if (secret_ && fetched.has_value()) return fetched->with(*secret_);
            return fetched;
        });
    }
};

} // namespace oauth::detail

#endif
