#ifndef OAUTH_MACHINE_DEVICE_DISPLAY_HPP
#define OAUTH_MACHINE_DEVICE_DISPLAY_HPP

#include <oauth/error/result.hpp>
#include <oauth/response/device_authorization_response.hpp>
#include <concepts>
#include <type_traits>

namespace oauth {

/** What brings the codes of a device's sign-in before the user: a function, such as a lambda that prints them.

    | expression | type | meaning |
    |---|---|---|
    | `show(codes)` | `void`, `result<void>` | Show where to go and what to enter there. Does not wait for the user. A failure ends the sign-in. |

    It is called once, before the first question whether the user is done. An exception out of it ends the sign-in, and passes through.

    @par Exemplar
    @code
    auto const show = [](oauth::device_authorization_response const& codes) { std::cout << describe(codes) << std::endl; };
    static_assert(oauth::device_display<decltype(show)>);
    @endcode
*/
template <class F>
concept device_display = std::move_constructible<F> && requires(F& show, device_authorization_response const& codes) { show(codes); }
                      && (std::is_void_v<std::invoke_result_t<F&, device_authorization_response const&>>
                          || std::same_as<std::invoke_result_t<F&, device_authorization_response const&>, result<void>>);

} // namespace oauth

#endif
