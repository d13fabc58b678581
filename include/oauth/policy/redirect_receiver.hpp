#ifndef OAUTH_POLICY_REDIRECT_RECEIVER_HPP
#define OAUTH_POLICY_REDIRECT_RECEIVER_HPP

#include <oauth/error/result.hpp>
#include <concepts>
#include <string>
#include <string_view>

namespace oauth {

/// What came of a redirect that a receiver has shown to the flow.
enum class reception
{
    stranger,   ///< not the answer to this sign-in: go on waiting
    granted,    ///< the user signed in
    refused,    ///< the answer is an error
};

namespace detail {

/// Stands for the flow's own judge where a concept asks.
struct any_judge
{
    reception operator()(std::string_view) const { return reception::stranger; }
};

} // namespace detail

/// Can it say where the user is to come back to?
template <class R>
concept prepares = requires(R& receiver, std::string const& registered) {
    { receiver.prepare(registered) } -> std::same_as<result<std::string>>;
};

/// Can it wait for the user to come back?
template <class R>
concept receives = requires(R& receiver, detail::any_judge judge) {
    { receiver.receive(judge) } -> std::same_as<result<std::string>>;
};

/** The role that waits for the user to come back from the authorization server.

    | expression | type | meaning |
    |---|---|---|
    | `r.prepare(registered)` | `result<std::string>` | Get ready. `registered` is the client's redirect URI, maybe empty. Returns the one to use, which may name another port. |
    | `r.receive(judge)` | `result<std::string>` | Wait for redirects; show each to `judge(std::string_view)`, which says a @ref reception. Returns the first that is not a `stranger`. |

    What is shown to the judge is the redirected URL, or the body of a `form_post`, or whatever the user pasted, at most 64 KiB.
    `prepare` is called once before each `receive`, and before the authorization URL is built.

    @par Exemplar
    @code
    struct my_receiver
    {
        oauth::result<std::string> prepare(std::string const& registered);
        template <class Judge>
        oauth::result<std::string> receive(Judge judge);
    };
    static_assert(oauth::check_redirect_receiver<my_receiver>());
    @endcode

    @par Models
    `loopback_receiver`, `pasted`
*/
template <class R>
concept redirect_receiver = std::move_constructible<R> && prepares<R> && receives<R>;

/// For the author of a receiver: fails to compile with a sentence that says what is missing.
template <class R>
consteval bool check_redirect_receiver()
{
    static_assert(std::move_constructible<R>, "redirect_receiver: must be movable");
    static_assert(prepares<R>, "redirect_receiver: needs `oauth::result<std::string> prepare(std::string const& registered)`");
    static_assert(receives<R>, "redirect_receiver: needs `template <class Judge> oauth::result<std::string> receive(Judge judge)`");
    return redirect_receiver<R>;
}

} // namespace oauth

#endif
