#ifndef OAUTH_MACHINE_FORGETTING_HPP
#define OAUTH_MACHINE_FORGETTING_HPP

#include <oauth/machine/action.hpp>
#include <optional>
#include <utility>
#include <variant>

namespace oauth {

/** Forget a session: lock, erase, unlock.

    The lock is for a renewal that is under way: it would save the session again after it was erased. Where the lock is not to be had, the session is erased all the same.
*/
class forgetting
{
    enum class at { start, locked, erased, unlocked };

    at at_ = at::start;
    bool locked_ = false;
    std::optional<failure> failed_;

public:
    action resume(event happened, time_point)
    {
        auto* const failed = std::get_if<failure>(&happened);
        switch (at_)
        {
        case at::start:
            at_ = at::locked;
            return next::lock{};

        case at::locked:
            locked_ = failed == nullptr;
            at_ = at::erased;
            return next::erase{};

        case at::erased:
            if (failed) failed_ = std::move(*failed);
            at_ = at::unlocked;
            if (locked_) return next::unlock{};
            return next::done{};

        case at::unlocked: return next::done{};
        }
        return next::done{};
    }

    /// @pre the last action was `next::done`
    result<void> outcome() &&
    {
        if (failed_) return std::move(*failed_);
        return {};
    }
};
static_assert(machine<forgetting>);

} // namespace oauth

#endif
