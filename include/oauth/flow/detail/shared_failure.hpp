#ifndef OAUTH_FLOW_DETAIL_SHARED_FAILURE_HPP
#define OAUTH_FLOW_DETAIL_SHARED_FAILURE_HPP

#include <oauth/error/failure.hpp>
#include <atomic>
#include <optional>
#include <utility>

namespace oauth::detail {

/** What the last of several attempts failed with, for those who waited while it was made: they would try in vain, one after the other, each for as long as a timeout takes.

    @par Thread safety
    @ref count is safe. The rest is called under the lock that is held during an attempt.
*/
class shared_failure
{
    std::atomic<unsigned> count_{0};
    std::optional<failure> last_;

public:
    /// How many failures there were. Take it before the lock.
    unsigned count() const noexcept { return count_.load(); }

    /// The failure that has come since there were `before`; nothing where none has, or a later attempt went well.
    std::optional<failure> since(unsigned before) const
    {
        if (count_.load() == before) return std::nullopt;
        return last_;
    }

    /// What the last attempt failed with, if it did.
    std::optional<failure> const& last() const noexcept { return last_; }

    /// An attempt failed.
    void note(failure why)
    {
        last_ = std::move(why);
        ++count_;
    }

    /// An attempt went well.
    void forget() noexcept { last_.reset(); }
};

} // namespace oauth::detail

#endif
