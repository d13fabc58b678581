#ifndef OAUTH_MACHINE_ACTION_HPP
#define OAUTH_MACHINE_ACTION_HPP

#include <oauth/core/form.hpp>
#include <oauth/core/http_message.hpp>
#include <oauth/core/server_metadata.hpp>
#include <oauth/core/session.hpp>
#include <oauth/core/time_point.hpp>
#include <oauth/error/result.hpp>
#include <oauth/machine/observation.hpp>
#include <concepts>
#include <memory>
#include <optional>
#include <utility>
#include <variant>

namespace oauth {

class jwk_set;   // jose/jwk_set.hpp; a machine that asks for no keys need not include it

/// What becomes of a session in memory when the store can be used again?
enum class held_as
{
    successor,     ///< it follows from the session that was loaded: it counts while the store still has that one
    replacement,   ///< it takes the place of whatever the store has, since the user signed in anew
    addition,      ///< its tokens are added to what the store has
};

/// What should be done next? A machine says so; a driver carries it out, and resumes the machine with what came of it.
namespace next {

struct load                       // read the account's session, with what is held of it → loaded
{
};

struct lock                       // get the account's lock, waiting for it or not → nothing; a failure where it is not to be had
{
    bool wait = true;
};

struct probe                      // find out whether a session could be saved → nothing
{
};

struct ask                        // authenticate the client, send this body to an endpoint of the server → http_response
{
    form body;
    endpoint server_metadata::*where = &server_metadata::token_endpoint;
    bool renews = false;          // a renewal: the server is left alone while it wants that (Retry-After) → the failure that said so
    bool names_client = false;    // `client_id` must be in the body, however the client is authenticated
};

struct send                       // send this request, presenting the token where there is one → http_response
{
    http_request request;
    access_token token = {};
};

struct keys                       // get the server's keys, from memory or anew → them
{
    std::shared_ptr<jwk_set const> seen = {};   // not these, since they lack a key; but the same again where they were fetched a moment ago
};

struct wait                       // let so much time pass → nothing; a failure where the wait was cancelled
{
    seconds duration;
};

struct save                       // keep this session in place of the account's → nothing
{
    session value;
};

struct hold                       // hold in memory what the store could not take, till a later save succeeds → nothing; can't fail
{
    session value;
    held_as how;
};

struct erase                      // forget the account's session, in memory too → nothing
{
};

struct unlock                     // give the lock back; can't fail → nothing
{
};

struct tell                       // tell the observer what has happened; can't fail → nothing
{
    happening what;
    std::optional<failure> why = {};
};

struct done                       // the end: the machine holds its outcome
{
};

} // namespace next

/// What a machine asks of its driver.
using action = std::variant<next::load, next::lock, next::probe, next::ask, next::send, next::keys, next::wait, next::save, next::hold, next::erase, next::unlock, next::tell,
                            next::done>;

/// What came of @ref next::load.
struct loaded
{
    std::optional<session> value;
    bool unsaved = false;             ///< the store does not have all of it
};

/// What came of an action: nothing to tell, what was loaded, an answer, the server's keys, or a failure.
using event = std::variant<std::monostate, loaded, http_response, std::shared_ptr<jwk_set const>, failure>;

/** What every machine is: a value that is resumed with what came of the last action, and says the next one.

    It knows no policy, no socket, no file; the time of each event is an argument. It is resumed with `std::monostate` at first, and not at all after `next::done`.
    A failure may come of any action but `hold`, `unlock` and `tell`. After a `lock` that did not fail there is exactly one `unlock` before `done`.
*/
template <class M>
concept machine = requires(M& m, event happened, time_point now) {
    { m.resume(std::move(happened), now) } -> std::same_as<action>;
    { std::move(m).outcome() };
};

} // namespace oauth

#endif
