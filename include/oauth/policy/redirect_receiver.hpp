#ifndef OAUTH_POLICY_REDIRECT_RECEIVER_HPP
#define OAUTH_POLICY_REDIRECT_RECEIVER_HPP

#include <oauth/error/result.hpp>
#include <concepts>
#include <string>
#include <string_view>
#include <type_traits>

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

/// Does it say how the answer comes to it best? By a constant of any type that a `std::string_view` can be made of.
template <class R>
concept prefers_response_mode = requires { typename std::bool_constant<std::string_view(R::preferred_response_mode).empty()>; };

/** The role that waits for the user to come back from the authorization server.

    | expression | type | meaning |
    |---|---|---|
    | `r.prepare(registered)` | `result<std::string>` | Get ready. `registered` is the client's redirect URI, maybe empty. Returns the one to use, which may name another port. |
    | `r.receive(judge)` | `result<std::string>` | Wait for redirects; show each to `judge(std::string_view)`, which says a @ref reception. Returns the first that is not a `stranger`. |
    | `R::takes_bare_codes` | `static constexpr bool`, optional | The answer may be a code by itself, as a person copies it: its state can't be checked, so only PKCE ties it to this sign-in. Where it is absent or false, such an answer is a `stranger`; and so it is where the sign-in's `bare_code` refuses it. Where it is true, an answer that can't be read is a `stranger` too, to be asked for again; else one with our state is `refused`. |
    | `R::preferred_response_mode` | `static constexpr`, a text, optional | How the answer comes best: "form_post", say. `flow::sign_in` asks for it where `server_metadata::response_modes_supported` names it and the caller has not named another. |

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
    static_assert(!requires { R::takes_bare_codes; } || requires { typename std::bool_constant<R::takes_bare_codes>; },
                  "redirect_receiver: takes_bare_codes must be a `static constexpr bool`");
    static_assert(!requires { R::preferred_response_mode; } || prefers_response_mode<R>,
                  "redirect_receiver: preferred_response_mode must be a `static constexpr std::string_view`");
    return redirect_receiver<R>;
}

} // namespace oauth

#endif
