#ifndef OAUTH_FLOW_DETAIL_KEY_RING_HPP
#define OAUTH_FLOW_DETAIL_KEY_RING_HPP

#include <oauth/core/server_metadata.hpp>
#include <oauth/core/time_point.hpp>
#include <oauth/error/result.hpp>
#include <oauth/jose/jwk_set.hpp>
#include <oauth/request/document_request.hpp>
#include <oauth/response/decode_jwk_set.hpp>
#include <chrono>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>

namespace oauth::detail {

/** A server's keys, as this process knows them. Fetched when they are first needed, once a day, and when one is missing; at most every five minutes, and by one thread at a time:
    the others wait for what it brings.

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

    std::mutex fetching_;          // taken before the other
    mutable std::mutex reading_;
    keys known_;
    time_point fetched_at_{};
    std::optional<time_point> asked_at_;

    /// A moment ago, by a clock that was not turned back since.
    static bool within(time_point then, time_point now, seconds span) noexcept { return now - then < span && then - now < clock_change; }

    keys usable(keys const& seen, time_point now) const
    {
        std::scoped_lock const lock(reading_);
        return known_ && known_ != seen && within(fetched_at_, now, lifetime) ? known_ : keys();
    }

public:
    /** @param seen Keys that will not do, since one is missing among them; empty: any that are not older than a day will.

        @return The keys: also `seen` where they were asked for a moment ago, or older ones where they can't be fetched anew. Or errc::missing_endpoint without a jwks_uri, and what the
            transport or @ref decode_jwk_set fails with.
    */
    template <class Transport>
    result<keys> get(Transport& transport, server_metadata const& server, keys const& seen, time_point now)
    {
        if (auto found = usable(seen, now)) return found;
        std::scoped_lock const fetching(fetching_);
        if (auto found = usable(seen, now)) return found;
        if (known_ && asked_at_ && within(*asked_at_, now, at_most_every)) return known_;

        auto request = document_request(server.jwks_uri, "jwks_uri");
        if (request.has_error()) return std::move(request).error();
        asked_at_ = now;
        auto const answer = transport.send(std::move(*request));
        auto fetched = answer.has_value() ? decode_jwk_set(*answer) : result<jwk_set>(answer.error());
        std::scoped_lock const lock(reading_);
        if (fetched.has_error())
        {
            if (known_ && within(fetched_at_, now, in_an_outage)) return known_;
            return std::move(fetched).error();
        }
        known_ = std::make_shared<jwk_set const>(std::move(*fetched));
        fetched_at_ = now;
        return known_;
    }
};

} // namespace oauth::detail

#endif
