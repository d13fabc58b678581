#ifndef OAUTH_FLOW_DETAIL_BLOCKING_DRIVER_HPP
#define OAUTH_FLOW_DETAIL_BLOCKING_DRIVER_HPP

#include <oauth/core/client.hpp>
#include <oauth/core/detail/deadline_after.hpp>
#include <oauth/core/server_metadata.hpp>
#include <oauth/flow/detail/mask_echo.hpp>
#include <oauth/flow/detail/session_access.hpp>
#include <oauth/machine/action.hpp>
#include <oauth/request/form_request.hpp>
#include <algorithm>
#include <chrono>
#include <exception>
#include <optional>
#include <stop_token>
#include <string_view>
#include <thread>
#include <utility>
#include <variant>

namespace oauth::detail {

/** Carries out what a machine asks for, one action after the other, on the calling thread. The one place where machines meet policies.

    Made for one run. An exception that a policy throws passes through, once the machine has put down what it has: see @ref run.
*/
template <class Transport, class Store, class Clock, class Authentication>
class blocking_driver
{
    using lock_type = typename decltype(std::declval<Store&>().try_lock(std::string_view()))::value_type;

    Transport& transport_;
    Store& store_;
    session_access<Store>& sessions_;
    Clock const& clock_;
    Authentication& authentication_;
    server_metadata const& server_;
    client const& who_;
    std::chrono::milliseconds lock_timeout_;
    std::stop_token stop_;
    lock_type lock_{};

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
    event carry_out(next::send& todo) { return as_event(transport_.send(std::move(todo.request))); }
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

    event carry_out(next::ask& todo)
    {
        auto request = form_request(server_, todo.where);
        if (request.has_error()) return request.error();
        auto const authenticated = authentication_.authenticate(*request, todo.body, who_, server_, clock_.now());
        if (authenticated.has_error()) return authenticated.error();
        auto const sent = todo.body.release();
        request->body = sent;
        auto const authorization = request->authorization;
        auto answer = transport_.send(std::move(*request));
        if (answer.has_value()) mask_echo(*answer, sent.reveal(), {who_.secret.reveal(), credentials(authorization)});
        return as_event(std::move(answer));
    }

    event carry_out(next::wait& todo)
    {
        auto const cancelled = [] { return failure(errc::cancelled, advice::give_up, "the wait was stopped"); };
        if (stop_.stop_requested()) return cancelled();
        // The clock of a test has a time of its own.
        if constexpr (requires { clock_.wait_for(todo.duration); }) clock_.wait_for(todo.duration);
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
        auto const deadline = deadline_after(lock_timeout_);
        std::chrono::milliseconds pause{1};
        for (;;)
        {
            auto got = store_.try_lock(sessions_.key());
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

public:
    blocking_driver(Transport& transport, Store& store, session_access<Store>& sessions, Clock const& clock, Authentication& authentication,
                    server_metadata const& server, client const& who, std::chrono::milliseconds lock_timeout, std::stop_token stop = {})
        : transport_(transport), store_(store), sessions_(sessions), clock_(clock), authentication_(authentication), server_(server), who_(who),
          lock_timeout_(lock_timeout), stop_(std::move(stop))
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
            auto step = todo.resume(std::move(happened), clock_.now());
            if (std::holds_alternative<next::done>(step)) break;
            try
            {
                happened = std::visit([this](auto& what) { return this->carry_out(what); }, step);
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
