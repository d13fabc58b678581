#ifndef OAUTH_FLOW_DETAIL_KEPT_DOCUMENT_HPP
#define OAUTH_FLOW_DETAIL_KEPT_DOCUMENT_HPP

#include <oauth/core/time_point.hpp>
#include <oauth/error/result.hpp>
#include <oauth/flow/detail/shared_failure.hpp>
#include <algorithm>
#include <chrono>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>

namespace oauth::detail {

/** What a server publishes, as this process knows it. Fetched when it is first needed, once a day, and when it will not do; then at most every five minutes, while it serves. What can't be
    fetched anew serves on, for a week.

    While there is none that serves, and it can't be had, the server is left alone for 5 s, then for twice as long each time, up to a minute; or as long as it says (Retry-After), up to five
    minutes. Whoever asks meanwhile gets the same failure.

    One thread fetches it at a time. Those who have an older one that serves go on with that; the others wait for what the fetch brings, be it a failure.

    @par Thread safety
    Safe.
*/
template <class Document>
class kept_document
{
    static constexpr seconds clock_change = std::chrono::minutes{5};

    std::mutex fetching_;          // taken before the other
    mutable std::mutex reading_;
    std::shared_ptr<Document const> known_;
    time_point fetched_at_{};
    std::optional<time_point> asked_at_;
    shared_failure failed_;
    seconds pause_{0};             // after the last failure, where nothing serves

    /// A moment ago, by a clock that was not turned back since.
    static bool within(time_point then, time_point now, seconds span) noexcept { return now - then < span && then - now < clock_change; }

    std::shared_ptr<Document const> usable(std::shared_ptr<Document const> const& seen, time_point now) const
    {
        std::scoped_lock const lock(reading_);
        return known_ && known_ != seen && within(fetched_at_, now, lifetime) ? known_ : nullptr;
    }

    /// An older one than @ref usable, which serves whoever need not wait.
    std::shared_ptr<Document const> last_resort(std::shared_ptr<Document const> const& seen, time_point now) const
    {
        std::scoped_lock const lock(reading_);
        return known_ && known_ != seen && within(fetched_at_, now, lifetime_in_an_outage) ? known_ : nullptr;
    }

    /// It could not be had, and there is none.
    void lengthen_pause(failure const& why)
    {
        pause_ = std::clamp(pause_ * 2, shortest_pause, longest_pause);
        if (why.retry_after) pause_ = std::clamp(*why.retry_after, pause_, at_most_every);
    }

public:
    static constexpr seconds lifetime = std::chrono::hours{24};
    static constexpr seconds lifetime_in_an_outage = std::chrono::days{7};
    static constexpr seconds at_most_every = std::chrono::minutes{5};
    static constexpr seconds shortest_pause{5};   ///< while there is none
    static constexpr seconds longest_pause{60};

    /** @param seen What will not do, since something is missing in it; empty: any will that is not older than a day.
        @param fetch Called without arguments; its `result<Document>` is kept.

        @return Never an empty pointer: the document; also `seen` where it was asked for a moment ago, or an older one where it can't be fetched anew. Or what `fetch` fails with.
    */
    template <class Fetch>
    result<std::shared_ptr<Document const>> get(std::shared_ptr<Document const> const& seen, time_point now, Fetch fetch)
    {
        auto const failures = failed_.count();
        if (auto found = usable(seen, now)) return found;
        std::unique_lock fetching(fetching_, std::defer_lock);
        if (auto old = last_resort(seen, now))
        {
            if (!fetching.try_lock()) return old;
        }
        else fetching.lock();
        if (auto found = usable(seen, now)) return found;
        bool const may_serve = known_ && within(fetched_at_, now, lifetime_in_an_outage);
        if (may_serve && asked_at_ && within(*asked_at_, now, at_most_every)) return known_;
        auto why = failed_.since(failures);
        if (!why && !may_serve && asked_at_ && within(*asked_at_, now, pause_)) why = failed_.last();
        if (why)
        {
            if (may_serve) return known_;
            return std::move(*why);
        }

        asked_at_ = now;
        auto fetched = fetch();
        if (fetched.has_error())
        {
            failed_.note(fetched.error());
            if (may_serve) return known_;
            lengthen_pause(fetched.error());
            return std::move(fetched).error();
        }
        pause_ = seconds(0);
        failed_.forget();
        std::scoped_lock const lock(reading_);
        known_ = std::make_shared<Document const>(std::move(*fetched));
        fetched_at_ = now;
        return known_;
    }
};

} // namespace oauth::detail

#endif
