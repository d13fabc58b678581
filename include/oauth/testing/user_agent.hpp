#ifndef OAUTH_TESTING_USER_AGENT_HPP
#define OAUTH_TESTING_USER_AGENT_HPP

#include <oauth/policy/transport.hpp>
#include <oauth/testing/detail/html_form.hpp>
#include <oauth/testing/detail/text.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace oauth::testing {

/// What a user decides on the pages of an @ref authorization_server.
enum class user_choice { accept, cancel };

/// Where the user's browser is sent in the end.
struct redirected
{
    std::string url;         ///< with code or error in its query or fragment; Entra's ends in an empty fragment, which a browser keeps to itself
    std::string form = {};   ///< what is posted there with `response_mode=form_post`, else empty
};

/** A browser and the user before it, for tests: follows the pages of an @ref authorization_server over any transport, in memory or over HTTP.

    It reads the forms of these very pages, not of any site: it runs no script and keeps no cookie.

    @par Lifetime
    Refers to the transport; it must outlive this object.

    @par Thread safety
    As the transport.
*/
template <transport Transport>
class user_agent
{
    Transport& transport_;
    std::string username_;
    std::string password_;

public:
    /// @param username Empty: whom the page proposes.
    explicit user_agent(Transport& by, std::string username = "alex@contoso.example", std::string password = "password")
        : transport_(by), username_(std::move(username)), password_(std::move(password))
    {
    }

    /** Open `authorize_url`, sign in, and consent or cancel.

        @return Where the browser is sent at the end; it is not followed. Or
            @li errc::unexpected_status where the server shows a page that asks nothing: its error page (`http_status` is that page's),
            @li errc::sign_in_cancelled where the server keeps asking, since it does not like name or password,
            @li what endpoint::parse or the transport fails with.
    */
    result<redirected> sign_in(std::string_view authorize_url, user_choice choice = user_choice::accept)
    {
        auto parsed = endpoint::parse(authorize_url);
        if (!parsed) return parsed.error();
        http_request next{.url = std::move(*parsed)};
        std::string const origin(next.url.origin());
        // Sign-in, consent, and one more chance.
        for (int pages = 0; pages < 4; ++pages)
        {
            auto const answer = transport_.send(next);
            if (!answer) return answer.error();
            if (auto const location = find_field(answer->fields, "Location"); !location.empty()) return redirected{std::string(location)};
            auto form = detail::find_form(answer->body.reveal());
            if (!form || form->action.empty()) return no_form(answer->status);
            if (!form->action.starts_with('/')) return redirected{std::move(form->action), encoded(form->inputs)};
            auto sent = filled_in(std::move(*form), origin, choice);
            if (!sent) return sent.error();
            next = std::move(*sent);
        }
        return failure(errc::sign_in_cancelled, advice::fix_configuration, "the server does not take the user's name or password");
    }

    /** Enter the code that a device shows, sign in, and allow it or not.

        @param page_url Where the device says to go; with or without the code in it.

        @return Or
            @li errc::unexpected_status where there is no page that asks for a code (`http_status` is that page's),
            @li errc::sign_in_cancelled where the server keeps asking, since it does not like code, name or password,
            @li what endpoint::parse or the transport fails with.
    */
    result<void> enter_code(std::string_view page_url, std::string_view user_code, user_choice choice = user_choice::accept)
    {
        auto parsed = endpoint::parse(page_url);
        if (!parsed) return parsed.error();
        http_request next{.url = std::move(*parsed)};
        std::string const origin(next.url.origin());
        // The code, sign-in and consent, and one more chance.
        for (int pages = 0; pages < 4; ++pages)
        {
            auto const answer = transport_.send(next);
            if (!answer) return answer.error();
            auto form = detail::find_form(answer->body.reveal());
            if (!form && pages > 1 && answer->status == 200) return {};
            if (!form || !form->action.starts_with('/')) return no_form(answer->status);
            for (auto& input : form->inputs)
                if (input.name == "user_code") input.value = user_code;
            auto sent = filled_in(std::move(*form), origin, choice);
            if (!sent) return sent.error();
            next = std::move(*sent);
        }
        return failure(errc::sign_in_cancelled, advice::fix_configuration, "the server does not take the code, or the user's name or password");
    }

private:
    /// The form as the user sends it.
    result<http_request> filled_in(detail::html_form form, std::string const& origin, user_choice choice) const
    {
        for (auto& input : form.inputs)
        {
            if (input.name == "username" && !username_.empty()) input.value = username_;
            if (input.name == "password") input.value = password_;
        }
        form.inputs.push_back({"choice", choice == user_choice::accept ? "accept" : "cancel"});
        auto action = endpoint::parse(origin + form.action);
        if (!action) return action.error();
        return http_request{.method = http_method::post,
                            .url = std::move(*action),
                            .fields = {{"Content-Type", "application/x-www-form-urlencoded"}},
                            .body = secret(encoded(form.inputs))};
    }

    static failure no_form(int status)
    {
        failure why(errc::unexpected_status, advice::fix_configuration, "the server shows a page without a form: it refuses the request");
        why.http_status = status;
        return why;
    }

    static std::string encoded(form_parameters const& inputs)
    {
        detail::query_text text;
        for (auto const& input : inputs) text.add(input.name, input.value);
        return text.str();
    }
};

} // namespace oauth::testing

#endif
