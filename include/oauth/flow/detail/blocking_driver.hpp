#ifndef OAUTH_FLOW_DETAIL_BLOCKING_DRIVER_HPP
#define OAUTH_FLOW_DETAIL_BLOCKING_DRIVER_HPP

#include <oauth/core/client.hpp>
#include <oauth/core/detail/deadline_after.hpp>
#include <oauth/core/server_metadata.hpp>
#include <oauth/flow/detail/mask_echo.hpp>
#include <oauth/flow/detail/session_access.hpp>
#include <oauth/flow/detail/wants_dpop_nonce.hpp>
#include <oauth/machine/action.hpp>
#include <oauth/policy/sender_constraint.hpp>
#include <oauth/request/form_request.hpp>
#include <boost/mp11/algorithm.hpp>
#include <algorithm>
#include <chrono>
#include <exception>
#include <optional>
#include <stop_token>
#include <string_view>
#include <thread>
#include <type_traits>
#include <utility>
#include <variant>

namespace oauth::detail {

/** Carries out what a machine asks for, one action after the other, on the calling thread. The one place where machines meet policies.

    Made for one run. An exception that a policy throws passes through, once the machine has put down what it has: see @ref run.

    @tparam Host What it works with, the flow's engine: the policies `transport`, `store`, `clock`, `authentication` and `constraint`, the data `server`, `who` and `shows_certificate`, what is known in memory
        (`keys`, `held_off`), and `config_type`.
*/
template <class Host>
class blocking_driver
{
    using store_type = std::remove_reference_t<decltype(std::declval<Host&>().store)>;
    using lock_type = typename decltype(std::declval<store_type&>().try_lock(std::string_view()))::value_type;
    using config = typename Host::config_type;
    static constexpr bool is_constrained = !std::is_same_v<decltype(Host::constraint), bearer>;

    Host& host_;
    session_access<store_type>& sessions_;
    std::stop_token stop_;
    lock_type lock_{};

    time_point now() const { return host_.clock.now(); }

    template <class T>
    static event as_event(result<T> outcome)
    {
        if (outcome.has_error()) return std::move(outcome).error();
        if constexpr (std::is_void_v<T>) return std::monostate();
        else return std::move(*outcome);
    }

    /// What stands behind the name of the scheme.
    static std::string_view credentials(secret const& authorization) noexcept
    {
        auto const text = authorization.reveal();
        return text.substr(std::min(text.find(' ') + 1, text.size()));
    }

    event carry_out(next::load&) { return as_event(sessions_.load()); }
    event carry_out(next::probe&) { return as_event(sessions_.probe()); }
    event carry_out(next::save& todo) { return as_event(sessions_.save(todo.value)); }
    event carry_out(next::erase&) { return as_event(sessions_.erase()); }
    event carry_out(next::keys& todo) { return as_event(host_.keys.get(host_.transport, host_.server, todo.seen, now())); }
    event carry_out(next::done&) { return std::monostate(); }   // run() ends before

    event carry_out(next::hold& todo)
    {
        sessions_.hold(std::move(todo.value), todo.how);
        return std::monostate();
    }

    event carry_out(next::unlock&)
    {
        lock_.reset();
        return std::monostate();
    }

    event carry_out(next::tell& todo)
    {
        config::observe({todo.what, sessions_.account(), todo.why ? &*todo.why : nullptr});
        return std::monostate();
    }

    event carry_out(next::ask& todo)
    {
        if (todo.renews)
        {
            if (auto why = host_.held_off.why(sessions_.account(), now())) return std::move(*why);
            config::observe({happening::renewal_asked, sessions_.account()});
        }
        bool const bound = todo.where == &server_metadata::token_endpoint || todo.where == &server_metadata::pushed_authorization_request_endpoint;
        auto const parameters = bound && is_constrained ? secret(todo.body.str()) : secret();
        endpoint asked;
        auto answer = ask_once(todo, bound, asked);
        if (bound && should_repeat(asked, answer))
        {
            todo.body = form();
            todo.body.add_encoded(parameters.reveal());
            answer = ask_once(todo, bound, asked);
            if (answer.has_value()) host_.constraint.learn(asked, *answer);
        }
        if (todo.renews && answer.has_value()) host_.held_off.note(sessions_.account(), *answer, host_.server.advice_rules, now());
        return as_event(std::move(answer));
    }

    event carry_out(next::send& todo)
    {
        if (todo.token.empty()) return as_event(host_.transport.send(std::move(todo.request)));
        if constexpr (!is_constrained) return as_event(send_once(std::move(todo.request), todo.token));
        else
        {
            auto answer = send_once(todo.request, todo.token);
            if (should_repeat(todo.request.url, answer))
            {
                answer = send_once(todo.request, todo.token);
                if (answer.has_value()) host_.constraint.learn(todo.request.url, *answer);
            }
            return as_event(std::move(answer));
        }
    }

    /// @param asked Gets the URL that was asked, if that matters: it may be another than the server's usual one.
    result<http_response> ask_once(next::ask& todo, bool bound, endpoint& asked)
    {
        auto request = form_request(host_.server, todo.where, host_.shows_certificate);
        if (request.has_error()) return request.error();
        auto const authenticated = host_.authentication.authenticate(*request, todo.body, host_.who, host_.server, now());
        if (authenticated.has_error()) return authenticated.error();
        // Once only: some ways to authenticate put it there by themselves.
        if (todo.names_client && !todo.body.contains("client_id")) todo.body.add("client_id", host_.who.id);
        if (bound)
        {
            if (auto const done = host_.constraint.bind(*request, now()); done.has_error()) return done.error();
            if constexpr (is_constrained) asked = request->url;
        }
        auto const sent = todo.body.release();
        request->body = sent;
        auto const authorization = request->authorization;
        auto answer = host_.transport.send(std::move(*request));
        if (answer.has_value()) mask_echo(*answer, sent.reveal(), {host_.who.secret.reveal(), credentials(authorization)});
        return answer;
    }

    result<http_response> send_once(http_request request, access_token const& token)
    {
        if (auto const done = host_.constraint.present(request, token, now()); done.has_error()) return done.error();
        return host_.transport.send(std::move(request));
    }

    /** Has the server refused the request for the lack of a nonce that it has just given? Asked once for each request, so that two who do not agree do not go on for ever.

        That the nonce is known by now does not matter: another thread may have learned it while this request was under way without it. */
    bool should_repeat(endpoint const& from, result<http_response> const& answer)
    {
        return answer.has_value() && host_.constraint.learn(from, *answer) && wants_dpop_nonce(*answer);
    }

    event carry_out(next::wait& todo)
    {
        auto const cancelled = [] { return failure(errc::cancelled, advice::give_up, "the wait was stopped"); };
        if (stop_.stop_requested()) return cancelled();
        // The clock of a test has a time of its own.
        if constexpr (requires { host_.clock.wait_for(todo.duration); }) host_.clock.wait_for(todo.duration);
        else
        {
            using std::chrono::steady_clock;
            constexpr std::chrono::milliseconds look_around{50};
            for (auto const end = deadline_after(todo.duration); steady_clock::now() < end && !stop_.stop_requested();)
                std::this_thread::sleep_for(std::min<steady_clock::duration>(end - steady_clock::now(), look_around));
        }
        if (stop_.stop_requested()) return cancelled();
        return std::monostate();
    }

    // A store can't wake those who wait, since they may be other processes: so they ask again, ever more seldom.
    event carry_out(next::lock& todo)
    {
        using std::chrono::steady_clock;
        auto const deadline = deadline_after(config::lock_timeout);
        std::chrono::milliseconds pause{1};
        for (;;)
        {
            auto got = host_.store.try_lock(sessions_.key());
            if (got.has_error()) return got.error();
            if (*got)
            {
                lock_ = std::move(*got);
                return std::monostate();
            }
            if (!todo.wait || steady_clock::now() + pause > deadline)
                return failure(errc::lock_timeout, advice::retry, "another thread or process is renewing this session, or hangs");
            std::this_thread::sleep_for(pause);
            pause = std::min(pause * 2, std::chrono::milliseconds{32});
        }
    }

    // Compiled once for all machines, which spares a program with several flows a sixth of its compile time; and a switch, where std::visit makes a table of pointers.
    event carry_out(action& todo)
    {
        return boost::mp11::mp_with_index<std::variant_size_v<action>>(todo.index(), [&](auto which) { return carry_out(*std::get_if<which()>(&todo)); });
    }

public:
    blocking_driver(Host& host, session_access<store_type>& sessions, std::stop_token stop = {}) : host_(host), sessions_(sessions), stop_(std::move(stop))
    {
    }

    /** Run `todo` to its end.

        An action that throws is a failure to the machine, which then gives the lock back and has held what the server gave and the store does not have. After that the
        exception goes on its way: no outcome comes of such a run. Of several exceptions the last goes on.
    */
    template <machine Machine>
    void run(Machine& todo)
    {
        event happened;
        std::exception_ptr thrown;
        for (;;)
        {
            auto step = todo.resume(std::move(happened), now());
            if (std::holds_alternative<next::done>(step)) break;
            try
            {
                happened = carry_out(step);
            }
            catch (...)
            {
                if (thrown || std::holds_alternative<next::hold>(step)) throw;
                thrown = std::current_exception();
                happened = failure(errc::cancelled, advice::give_up, "a policy has thrown an exception");
            }
        }
        if (thrown) std::rethrow_exception(thrown);
    }
};

} // namespace oauth::detail

#endif
