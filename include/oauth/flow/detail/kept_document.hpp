#ifndef OAUTH_FLOW_DETAIL_KEPT_DOCUMENT_HPP
#define OAUTH_FLOW_DETAIL_KEPT_DOCUMENT_HPP

#include <oauth/core/time_point.hpp>
#include <oauth/error/result.hpp>
#include <oauth/flow/detail/shared_failure.hpp>
#include <chrono>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>

namespace oauth::detail {

/** What a server publishes, as this process knows it. Fetched when it is first needed, once a day, and when it will not do; then at most every five minutes, while it serves, and by one
    thread at a time: the others wait for what it brings, be it a failure. What can't be fetched anew serves on, for a week.

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

    /// A moment ago, by a clock that was not turned back since.
    static bool within(time_point then, time_point now, seconds span) noexcept { return now - then < span && then - now < clock_change; }

    std::shared_ptr<Document const> usable(std::shared_ptr<Document const> const& seen, time_point now) const
    {
        std::scoped_lock const lock(reading_);
        return known_ && known_ != seen && within(fetched_at_, now, lifetime) ? known_ : nullptr;
    }

public:
    static constexpr seconds lifetime = std::chrono::hours{24};
    static constexpr seconds lifetime_in_an_outage = std::chrono::days{7};
    static constexpr seconds at_most_every = std::chrono::minutes{5};

    /** @param seen What will not do, since something is missing in it; empty: any will that is not older than a day.
        @param fetch Called without arguments; its `result<Document>` is kept.

        @return Never an empty pointer: the document; also `seen` where it was asked for a moment ago, or an older one where it can't be fetched anew. Or what `fetch` fails with.
    */
    template <class Fetch>
    result<std::shared_ptr<Document const>> get(std::shared_ptr<Document const> const& seen, time_point now, Fetch fetch)
    {
        auto const failures = failed_.count();
        if (auto found = usable(seen, now)) return found;
        std::scoped_lock const fetching(fetching_);
        if (auto found = usable(seen, now)) return found;
        bool const may_serve = known_ && within(fetched_at_, now, lifetime_in_an_outage);
        if (may_serve && asked_at_ && within(*asked_at_, now, at_most_every)) return known_;
        if (auto why = failed_.since(failures))
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
            return std::move(fetched).error();
        }
        failed_.forget();
        std::scoped_lock const lock(reading_);
        known_ = std::make_shared<Document const>(std::move(*fetched));
        fetched_at_ = now;
        return known_;
    }
};

} // namespace oauth::detail

#endif
