// Policies of one's own: a transport, a clock and a store, checked by the compiler and run against the testing kit. Nothing here opens a socket.

#include <oauth/flow/flow.hpp>
#include <oauth/testing/authorization_server.hpp>
#include <iostream>
#include <map>
#include <memory>
#include <set>
#include <string>

namespace {

/// A clock: it shows what it is told to show.
struct my_clock
{
    std::shared_ptr<oauth::time_point> shown = std::make_shared<oauth::time_point>(oauth::seconds{1'767'323'045});

    oauth::time_point now() const noexcept { return *shown; }
};
static_assert(oauth::check_clock<my_clock>());

/// A transport: it prints each request's URL, and hands it to a server in this very process. Yours may use any HTTP library.
struct my_transport
{
    oauth::testing::authorization_server<my_clock> server;

    oauth::result<oauth::http_response> send(oauth::http_request request)
    {
        std::cout << "  " << to_string(request.method) << ' ' << request.url.url() << '\n';
        return server.handle(request);
    }
};
static_assert(oauth::check_transport<my_transport>());

/// A store: a map. This one serves one thread; a store for several needs a mutex.
class my_store
{
    std::map<std::string, oauth::session, std::less<>> sessions_;
    std::shared_ptr<std::set<std::string>> locked_ = std::make_shared<std::set<std::string>>();

public:
    /// Gives the lock back when it is destroyed.
    using lock_type = std::shared_ptr<void>;

    oauth::result<std::optional<oauth::session>> load(std::string_view key)
    {
        auto const found = sessions_.find(key);
        return found == sessions_.end() ? std::nullopt : std::optional(found->second);
    }

    oauth::result<void> save(std::string_view key, oauth::session const& value)
    {
        sessions_.insert_or_assign(std::string(key), value);
        return {};
    }

    oauth::result<void> erase(std::string_view key)
    {
        sessions_.erase(std::string(key));
        return {};
    }

    oauth::result<void> probe(std::string_view) { return {}; }

    oauth::result<std::optional<lock_type>> try_lock(std::string_view key)
    {
        if (!locked_->insert(std::string(key)).second) return std::optional<lock_type>();
        return std::optional(lock_type(nullptr, [locked = locked_, name = std::string(key)](void*) { locked->erase(name); }));
    }
};
static_assert(oauth::check_token_store<my_store>());

} // namespace

int main()
{
    oauth::client const who{.id = "my-program", .redirect_uri = "http://localhost:8400/", .scope = {"openid", "offline_access", "Bookings.ReadWrite.All"}};
    my_clock clock;
    oauth::testing::authorization_server server{{.clients = {oauth::testing::registered_client::of(who)}}, clock};
    oauth::flow graph{server.metadata(), who, my_transport{server}, my_store{}, clock};   // the policies are deduced

    std::cout << "signing in\n";
    auto pending = graph.authorize().value();
    auto const redirect = server.sign_in(pending.url);
    auto const tokens = graph.exchange(std::move(pending), redirect).value();
    std::cout << "  valid for " << tokens.expires_in->count() << " s\n";

    std::cout << "an hour later\n";
    *clock.shown += std::chrono::hours{1};
    auto const token = graph.access_token().value();
    bool const renewed = token.reveal() != tokens.access_token.reveal() && server.refresh_count() == 1;
    std::cout << (renewed ? "  renewed, once\n" : "  not renewed\n");
    return renewed ? 0 : 1;
}
