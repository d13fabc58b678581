#ifndef OAUTH_TEST_SUPPORT_MACHINE_SCRIPT_HPP
#define OAUTH_TEST_SUPPORT_MACHINE_SCRIPT_HPP

#include <oauth/core/form_parameters.hpp>
#include <oauth/machine/action.hpp>
#include <boost/test/unit_test.hpp>
#include "printing.hpp"
#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <source_location>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace oauth::test {

/// A check that reports the line of `where`, which is the test's own.
inline bool check_at(std::source_location const& where, bool good, std::string const& what)
{
    return boost::test_tools::tt_detail::report_assertion(boost::test_tools::assertion_result(good), BOOST_TEST_LAZY_MSG(what), where.file_name(), where.line(),
                                                          boost::test_tools::tt_detail::CHECK, boost::test_tools::tt_detail::CHECK_MSG, 0);
}

inline std::string name_of(action const& what)
{
    constexpr char const* names[] = {"load", "lock", "probe", "ask", "send", "keys", "wait", "save", "hold", "erase", "unlock", "tell", "done"};
    static_assert(std::size(names) == std::variant_size_v<action>);
    return names[what.index()];
}

/** A script for a machine: which actions it must ask for, in order, and what comes of each. Read it from top to bottom.

    @code
    machine_script{[] { return renewal(wish()); }, now}
        .load(expired).lock().load(expired).probe().ask({{"refresh_token", "r1"}}, answer(200, body)).save([](session const& kept) { … }).unlock()
        .ends([](result<renewed> outcome) { … })
        .fails_at_every_step([](result<renewed> outcome, failure const& why) { … });
    @endcode

    What the machine has to tell is passed over; @ref tells says what it must be. Each replay checks besides that the lock is taken at most once at a time and given back before the end, and that the machine stays at its end.
*/
template <machine Machine>
class machine_script
{
public:
    using outcome_type = decltype(std::declval<Machine>().outcome());
    using where_type = std::source_location;
    using parameters = std::map<std::string, std::string>;

private:
    struct step
    {
        where_type where;
        std::string name;
        std::function<void(action&)> check;
        event then;
        time_point now;
        bool brings_tokens = false;
    };

    std::function<Machine()> make_;
    time_point now_;
    std::vector<step> steps_;
    std::vector<happening> told_;

    /// The next action that is not to tell something.
    action next_of(Machine& machine, event happened, time_point now)
    {
        auto todo = machine.resume(std::move(happened), now);
        while (auto* const tell = std::get_if<next::tell>(&todo))
        {
            told_.push_back(tell->what);
            todo = machine.resume(std::monostate(), now);
        }
        return todo;
    }

    template <class Action>
    machine_script& expect(std::string name, where_type where, event then, std::function<void(Action&)> check = {})
    {
        steps_.push_back({where, std::move(name), [check](action& what) { if (check) check(std::get<Action>(what)); }, std::move(then), now_});
        return *this;
    }

public:
    machine_script(std::function<Machine()> make, time_point now) : make_(std::move(make)), now_(now) {}

    /// From the next action on, the clock shows `now`.
    machine_script& at(time_point now)
    {
        now_ = now;
        return *this;
    }

    machine_script& load(std::optional<session> found, bool unsaved = false, where_type where = where_type::current())
    {
        return expect<next::load>("load", where, loaded{std::move(found), unsaved});
    }

    machine_script& lock(bool wait = true, where_type where = where_type::current())
    {
        return expect<next::lock>("lock", where, std::monostate(), [=](next::lock& what) {
            check_at(where, what.wait == wait, what.wait ? "it waits for the lock" : "it does not wait for the lock");
        });
    }

    machine_script& probe(where_type where = where_type::current()) { return expect<next::probe>("probe", where, std::monostate()); }

    /// @param sent The whole body.
    machine_script& ask(parameters sent, http_response answer, where_type where = where_type::current())
    {
        bool const good = answer.status == 200;
        ask_at(&server_metadata::token_endpoint, std::move(sent), std::move(answer), where);
        steps_.back().brings_tokens = good;
        return *this;
    }

    /// @param which Another endpoint than the token endpoint.
    machine_script& ask_at(endpoint server_metadata::*which, parameters sent, http_response answer, where_type where = where_type::current())
    {
        return expect<next::ask>("ask", where, std::move(answer), [=](next::ask& what) {
            check_at(where, what.where == which, "it asks another endpoint: " + std::string(oauth::name_of(what.where)));
            auto const form = parse_form(what.body.str());
            parameters got;
            if (form.has_value())
                for (auto const& [name, value] : *form) check_at(where, got.emplace(name, value).second, name + " is sent twice");
            std::string text;
            for (auto const& [name, value] : got) text += name + '=' + value + ' ';
            check_at(where, got == sent, "it sends other parameters: " + text);
        });
    }

    /// @param seen Must it ask for others than it has?
    machine_script& keys(bool seen, std::shared_ptr<jwk_set const> given, where_type where = where_type::current())
    {
        return expect<next::keys>("keys", where, std::move(given), [=](next::keys& what) {
            check_at(where, (what.seen != nullptr) == seen, what.seen ? "it asks for other keys" : "it asks for any keys");
        });
    }

    machine_script& wait(seconds duration, where_type where = where_type::current())
    {
        return expect<next::wait>("wait", where, std::monostate(), [=](next::wait& what) {
            check_at(where, what.duration == duration, "it waits for " + std::to_string(what.duration.count()) + " s");
        });
    }

    machine_script& send(std::function<void(http_request&)> check, http_response answer, where_type where = where_type::current())
    {
        return expect<next::send>("send", where, std::move(answer), [check](next::send& what) {
            if (!what.token.empty()) what.request.authorization = what.token.authorization();
            check(what.request);
        });
    }

    machine_script& save(std::function<void(session&)> check, where_type where = where_type::current())
    {
        return expect<next::save>("save", where, std::monostate(), [check](next::save& what) { check(what.value); });
    }

    machine_script& hold(held_as how, std::function<void(session&)> check, where_type where = where_type::current())
    {
        return expect<next::hold>("hold", where, std::monostate(), [=](next::hold& what) {
            check_at(where, what.how == how, "it is held as something else");
            check(what.value);
        });
    }

    machine_script& erase(where_type where = where_type::current()) { return expect<next::erase>("erase", where, std::monostate()); }
    machine_script& unlock(where_type where = where_type::current()) { return expect<next::unlock>("unlock", where, std::monostate()); }

    /// The action before this one fails.
    machine_script& fails(failure why)
    {
        steps_.back().then = std::move(why);
        return *this;
    }

    /// Replay it as it stands.
    machine_script& ends(std::function<void(outcome_type)> check, where_type where = where_type::current())
    {
        auto machine = make_();
        told_.clear();
        if (play(machine, steps_.size(), where))
        {
            action last = next_of(machine, result_of(steps_.size()), now_);
            if (check_at(where, std::holds_alternative<next::done>(last), "the script is at its end, and it goes on with " + name_of(last)))
            {
                check_at(where, std::holds_alternative<next::done>(machine.resume(std::monostate(), now_)), "it does not stay at its end");
                check(std::move(machine).outcome());
            }
        }
        return *this;
    }

    /// What the machine has told in the last replay, in order.
    machine_script& tells(std::vector<happening> expected, where_type where = where_type::current())
    {
        std::string text;
        for (auto const what : told_) (text += ' ') += to_string(what);
        check_at(where, told_ == expected, "it tells:" + text);
        return *this;
    }

    /** Replay it once for each step that can fail, up to a failure of that step.

        After the failure nothing may be asked, sent, saved or loaded. What the server gave and is not saved yet must be held, with its refresh token; nothing else
        is. The lock must be given back. But where it was a save that failed, a request may be sent with the token that is held; that fails too.

        @param check Gets the outcome and the failure that caused it.
        @param next What the failure advises: a machine that waits for an outage to pass goes on after advice::retry.
    */
    machine_script& fails_at_every_step(std::function<void(outcome_type, failure const&)> check, advice next = advice::retry, where_type where = where_type::current())
    {
        failure const broken(errc::connection_lost, next, "broken by the script");
        std::size_t replays = 0;
        for (std::size_t last = 0; last < steps_.size(); ++last)
        {
            auto const& name = steps_[last].name;
            if (name == "unlock" || name == "hold") continue;
            // A second lock, load … after a scripted failure is another story, which the test has to tell.
            bool scripted = false;
            for (std::size_t i = 0; i < last; ++i) scripted = scripted || std::holds_alternative<failure>(steps_[i].then);
            if (scripted) break;
            auto machine = make_();
            if (!play(machine, last + 1, where)) return *this;
            BOOST_TEST_CONTEXT("failing at step " << last + 1 << ", " << name << ", expected in line " << steps_[last].where.line()) finish(machine, last, broken, check, where);
            ++replays;
        }
        check_at(where, replays > 0, "no step could fail");
        return *this;
    }

private:
    event result_of(std::size_t count) const { return count == 0 ? event() : steps_[count - 1].then; }

    /// Go through the first `count` steps; the machine has then asked for the last of them.
    bool play(Machine& machine, std::size_t count, where_type const& where)
    {
        bool locked = false;
        for (std::size_t i = 0; i < count; ++i)
        {
            auto& expected = steps_[i];
            action todo = next_of(machine, result_of(i), expected.now);
            if (!check_at(expected.where, name_of(todo) == expected.name, "expected " + expected.name + " as action " + std::to_string(i + 1) + ", got " + name_of(todo))) return false;
            expected.check(todo);
            if (std::holds_alternative<next::lock>(todo))
            {
                check_at(expected.where, !locked, "it locks twice");
                locked = std::holds_alternative<std::monostate>(expected.then);
            }
            if (std::holds_alternative<next::unlock>(todo))
            {
                check_at(expected.where, locked, "it unlocks what it has not locked");
                locked = false;
            }
        }
        if (count == steps_.size()) check_at(where, !locked, "the lock is not given back");
        return true;
    }

    void finish(Machine& machine, std::size_t failing, failure const& broken, std::function<void(outcome_type, failure const&)> const& check, where_type const& where)
    {
        bool locked = false, owes = false;
        for (std::size_t i = 0; i < failing; ++i)
        {
            auto const& name = steps_[i].name;
            if (name == "lock") locked = true;
            if (name == "unlock") locked = false;
            if (name == "ask") owes = steps_[i].brings_tokens;
            if (name == "save" || name == "hold") owes = false;
        }
        event happened = broken;
        for (int left = 8;; --left)
        {
            action todo = next_of(machine, std::move(happened), steps_[failing].now);
            happened = std::monostate();
            if (std::holds_alternative<next::done>(todo)) break;
            if (!check_at(where, left > 0, "it does not come to an end")) return;
            if (auto* const held = std::get_if<next::hold>(&todo))
            {
                check_at(where, std::exchange(owes, false), "it holds what it need not");
                check_at(where, !held->value.refresh_token.empty() || !held->value.access_tokens.empty(), "it holds nothing");
            }
            else if (std::holds_alternative<next::unlock>(todo)) check_at(where, std::exchange(locked, false), "it unlocks what it has not locked");
            else if (std::holds_alternative<next::send>(todo) && steps_[failing].name == "save" && !owes) happened = broken;
            else
            {
                check_at(where, false, "after the failure it goes on with " + name_of(todo));
                happened = broken;
            }
        }
        check_at(where, !locked, "the lock is not given back");
        check_at(where, !owes, "what the server gave is lost");
        check(std::move(machine).outcome(), broken);
    }
};

template <class Make>
machine_script(Make, time_point) -> machine_script<std::invoke_result_t<Make>>;

} // namespace oauth::test

#endif
