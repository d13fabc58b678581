#ifndef OAUTH_FLOW_METADATA_CACHE_HPP
#define OAUTH_FLOW_METADATA_CACHE_HPP

#include <oauth/flow/detail/shared_failure.hpp>
#include <oauth/flow/discover.hpp>
#include <oauth/policy/clock.hpp>
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

namespace oauth {

/** The metadata of servers, for a program that runs for long or speaks to many: asked for when it is first needed, and again once a day.

    While a server's document can't be had anew, the old one serves on, for a week, and it is asked for every five minutes at most. Several threads that want the same document wait for one
    of them to fetch it, and share what comes of that, be it a failure; other documents do not wait.

    @par Ownership
    Refers to the transport; it must outlive the cache.

    @par Thread safety
    Safe, where the transport is.
*/
template <transport Transport, clock Clock = system_clock>
class metadata_cache
{
    struct entry
    {
        std::mutex fetching;
        std::shared_ptr<server_metadata const> known;
        time_point fetched_at{};
        std::optional<time_point> asked_at;
        detail::shared_failure failed;
    };

    Transport& transport_;
    Clock clock_;
    std::mutex mutex_;
    std::map<std::string, std::shared_ptr<entry>, std::less<>> entries_;

    std::shared_ptr<entry> entry_of(std::string const& document)
    {
        std::scoped_lock const lock(mutex_);
        auto& found = entries_[document];
        if (!found) found = std::make_shared<entry>();
        return found;
    }

public:
    static constexpr seconds lifetime = std::chrono::hours{24};
    static constexpr seconds lifetime_in_an_outage = std::chrono::days{7};
    static constexpr seconds at_most_every = std::chrono::minutes{5};   ///< in an outage, while an old document serves

    explicit metadata_cache(Transport& transport, Clock clock = Clock()) : transport_(transport), clock_(std::move(clock)) {}

    /** What `known.discovery_document` says, at most a day old.

        @return Never an empty pointer. Or what @ref discover fails with, where nothing is known that is less than a week old.
    */
    result<std::shared_ptr<server_metadata const>> get(server_metadata const& known)
    {
        auto const here = entry_of(known.discovery_document.url() + '\n' + known.issuer);
        auto const failures = here->failed.count();
        std::scoped_lock const fetching(here->fetching);
        auto const now = clock_.now();
        // By a clock that was not turned back since.
        auto const within = [now](time_point then, seconds span) { return now - then < span && then <= now + std::chrono::minutes{5}; };
        if (here->known && within(here->fetched_at, lifetime)) return here->known;
        bool const may_serve = here->known && within(here->fetched_at, lifetime_in_an_outage);
        if (may_serve && here->asked_at && within(*here->asked_at, at_most_every)) return here->known;
        if (auto why = here->failed.since(failures))
        {
            if (may_serve) return here->known;
            return std::move(*why);
        }

        here->asked_at = now;
        auto found = discover(transport_, known);
        if (found.has_error())
        {
            here->failed.note(found.error());
            if (may_serve) return here->known;
            return std::move(found).error();
        }
        here->failed.forget();
        here->known = std::make_shared<server_metadata const>(std::move(*found));
        here->fetched_at = now;
        return here->known;
    }
};

} // namespace oauth

#endif
