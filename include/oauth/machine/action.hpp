#ifndef OAUTH_MACHINE_ACTION_HPP
#define OAUTH_MACHINE_ACTION_HPP

#include <oauth/core/form.hpp>
#include <oauth/core/http_message.hpp>
#include <oauth/core/session.hpp>
#include <oauth/error/result.hpp>
#include <optional>
#include <variant>

namespace oauth {

/// What should be done next? A machine says so; a driver carries it out, and resumes the machine with what came of it.
namespace next {

struct load                       // read the account's session → loaded
{
};

struct lock                       // get the account's lock, waiting for it or not → nothing; a failure where it is not to be had
{
    bool wait = true;
};

struct probe                      // find out whether a session could be saved → nothing
{
};

struct ask                        // authenticate the client, send this body to the token endpoint → http_response
{
    form body;
};

struct send                       // send this request as it is → http_response
{
    http_request request;
};

struct save                       // keep this session → nothing
{
    session value;
};

struct unlock                     // give the lock back; can't fail → nothing
{
};

struct done                       // the end: the machine holds its outcome
{
};

} // namespace next

/// What a machine asks of its driver.
using action = std::variant<next::load, next::lock, next::probe, next::ask, next::send, next::save, next::unlock, next::done>;

/// What came of @ref next::load.
struct loaded
{
    std::optional<session> value;
};

/// What came of an action: nothing to tell, what was loaded, an answer, or a failure.
using event = std::variant<std::monostate, loaded, http_response, failure>;

/** What every machine is: a value that is resumed with what came of the last action, and says the next one.

    It knows no policy, no socket, no file; the time of each event is an argument. It is resumed with `std::monostate` at first, and not at all after `next::done`.
    A failure may come of any action but `unlock`. After a `lock` that did not fail there is exactly one `unlock` before `done`.
*/
template <class M>
concept machine = requires(M& m, event happened, time_point now) {
    { m.resume(std::move(happened), now) } -> std::same_as<action>;
    { std::move(m).outcome() };
};

} // namespace oauth

#endif
