#ifndef OAUTH_MACHINE_DETAIL_TIDINGS_HPP
#define OAUTH_MACHINE_DETAIL_TIDINGS_HPP

#include <oauth/machine/action.hpp>
#include <optional>
#include <utility>

namespace oauth::detail {

/// What there is to tell an observer when a machine has got its token, or has not: one thing after the other, each once.
class tidings
{
    bool of_saving_ = false;
    bool of_the_end_ = false;

public:
    /** What comes next, after all this; `next::done` after the last.

        @param asked The server has given the token just now.
        @param wrote The store has what the server gave.
        @param not_saved, failed, outage As the machine's outcome has them.
    */
    action after(bool asked, bool wrote, std::optional<failure> const& not_saved, std::optional<failure> const& failed, std::optional<failure> const& outage)
    {
        if (!std::exchange(of_saving_, true))
        {
            if (wrote) return next::tell{happening::renewal_saved};
            if (not_saved) return next::tell{happening::renewal_not_saved, not_saved};
        }
        if (!std::exchange(of_the_end_, true))
        {
            if (failed) return next::tell{happening::renewal_failed, failed};
            if (outage) return next::tell{happening::fell_back, outage};
            if (!asked) return next::tell{happening::served_from_store};
        }
        return next::done{};
    }
};

} // namespace oauth::detail

#endif
