#ifndef OAUTH_FLOW_DETAIL_KEY_RING_HPP
#define OAUTH_FLOW_DETAIL_KEY_RING_HPP

#include <oauth/core/secret.hpp>
#include <oauth/core/server_metadata.hpp>
#include <oauth/core/time_point.hpp>
#include <oauth/error/result.hpp>
#include <oauth/flow/detail/shared_failure.hpp>
#include <oauth/jose/jwk.hpp>
#include <oauth/jose/jwk_set.hpp>
#include <oauth/jose/jws_algorithm.hpp>
#include <oauth/request/document_request.hpp>
#include <oauth/response/decode_jwk_set.hpp>
#include <chrono>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>

namespace oauth::detail {

/** A server's keys, as this process knows them. Fetched when they are first needed, once a day, and when one is missing; at most every five minutes, and by one thread at a time:
    the others wait for what it brings, be it a failure. No key serves that was fetched more than a week ago.

    Where the caller takes HS256, HS384 or HS512 the client's secret is one of them (OpenID Connect Core 10.1); where it takes nothing else, or the server publishes no keys, it is the only
    one, and nothing is fetched. A public key is never the secret of an HMAC: each @ref jwk is one or the other, and a published set holds no secret.

    @par Thread safety
    Safe.
*/
class key_ring
{
    static constexpr seconds lifetime = std::chrono::hours{24};
    static constexpr seconds at_most_every = std::chrono::minutes{5};
    static constexpr seconds in_an_outage = std::chrono::days{7};   // how old keys may be that can't be fetched anew
    static constexpr seconds clock_change = std::chrono::minutes{5};

    using keys = std::shared_ptr<jwk_set const>;

    jws_algorithms allowed_ = jws_algorithms::asymmetric();
    result<void> secret_fits_;     // why the client's secret is no key
    std::optional<jwk> secret_;    // the client's, where it may be a key
    keys secret_alone_;
    std::mutex fetching_;          // taken before the other
    mutable std::mutex reading_;
    keys known_;
    time_point fetched_at_{};
    std::optional<time_point> asked_at_;
    shared_failure failed_;

    /// A moment ago, by a clock that was not turned back since.
    static bool within(time_point then, time_point now, seconds span) noexcept { return now - then < span && then - now < clock_change; }

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

    keys usable(keys const& seen, time_point now) const
    {
        std::scoped_lock const lock(reading_);
        return known_ && known_ != seen && within(fetched_at_, now, lifetime) ? known_ : keys();
    }

public:
    key_ring() = default;

    /// @param allowed What a token may be signed with. @param shared The client's secret; used where `allowed` holds HS256 or the like, else not looked at.
    key_ring(jws_algorithms allowed, secret const& shared) : allowed_(allowed)
    {
        if (!allowed.common(jws_algorithms::symmetric()).empty()) secret_fits_ = take_secret(shared);
    }

    /** @param seen Keys that will not do, since one is missing among them; empty: any that are not older than a day will.

        @return The keys: also `seen` where they were asked for a moment ago, or older ones where they can't be fetched anew. Or errc::missing_endpoint without a jwks_uri, and what the
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
        auto const failures = failed_.count();
        if (auto found = usable(seen, now)) return found;
        std::scoped_lock const fetching(fetching_);
        if (auto found = usable(seen, now)) return found;
        bool const may_serve = known_ && within(fetched_at_, now, in_an_outage);
        if (may_serve && asked_at_ && within(*asked_at_, now, at_most_every)) return known_;
        if (auto why = failed_.since(failures))
        {
            if (may_serve) return known_;
            return std::move(*why);
        }

        auto request = document_request(server.jwks_uri, "jwks_uri");
        if (request.has_error()) return std::move(request).error();
        asked_at_ = now;
        auto const answer = transport.send(std::move(*request));
        auto fetched = answer.has_value() ? decode_jwk_set(*answer) : result<jwk_set>(answer.error());
        if (fetched.has_error())
        {
            failed_.note(fetched.error());
            if (may_serve) return known_;
            return std::move(fetched).error();
        }
        failed_.forget();
        std::scoped_lock const lock(reading_);
        known_ = std::make_shared<jwk_set const>(secret_ ? fetched->with(*secret_) : std::move(*fetched));
        fetched_at_ = now;
        return known_;
    }
};

} // namespace oauth::detail

#endif
