#ifndef OAUTH_ERROR_RESULT_HPP
#define OAUTH_ERROR_RESULT_HPP

#include <oauth/error/failure.hpp>
#include <boost/assert/source_location.hpp>
#include <boost/system/result.hpp>
#include <boost/system/system_error.hpp>
#include <utility>

namespace oauth {

/** What `result<T>::value()` throws.

    `what()` is our own text: the message of `why().code` and our hint. What the server said is in `why().server` and never in `what()`.
*/
class error : public boost::system::system_error
{
    failure why_;

public:
    explicit error(failure why) : system_error(why.hint.empty() ? system_error(why.code) : system_error(why.code, why.hint)), why_(std::move(why)) {}

    /// The whole failure.
    failure const& why() const noexcept { return why_; }
};

/// Found by `boost::system::result` through argument-dependent look-up.
[[noreturn]] inline void throw_exception_from_error(failure const& why, boost::source_location const&) { throw error(why); }

/** A value, or the failure that took its place.

    The one way in which this library reports errors. `.value()` throws @ref error; `.has_value()`, `.error()` and `*` do not.
*/
template <class T>
using result = boost::system::result<T, failure>;

} // namespace oauth

#endif
