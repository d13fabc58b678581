#include <oauth/flow/flow.hpp>
#include <boost/test/unit_test.hpp>
#include <oauth/provider/microsoft.hpp>
#include <oauth/request/client_credentials.hpp>
#include <oauth/testing/scripted_transport.hpp>
#include "../../support/flow_fixture.hpp"
#include <chrono>
#include <string>
#include <utility>
#include <vector>

// What a token was granted, and what it is filed under.
namespace {

using namespace oauth;
using namespace oauth::test;
using namespace std::chrono_literals;
using testing::manual_clock;
using testing::scripted_transport;

std::string const token_url = "https://login.example/token";

server_metadata metadata()
{
    server_metadata made;
    made.authorization_endpoint = "https://login.example/authorize";
    made.token_endpoint = token_url;
    return made;
}

client with_scope(oauth::scope scope)
{
    auto made = example_client();
    made.scope = std::move(scope);
    return made;
}

/// An answer with the tokens aN and rN. `scope` "-": none is named.
std::string tokens(std::string const& number, std::string const& scope = "-", std::string const& more = "")
{
    return R"({"token_type":"Bearer","expires_in":3600,"access_token":"a)" + number + R"(","refresh_token":"r)" + number + '"' + (scope == "-" ? "" : R"(,"scope":")" + scope + '"') + more + '}';
}

std::string access_token_alone(std::string const& value, std::string const& scope = "-")
{
    return R"({"token_type":"Bearer","expires_in":3600,"access_token":")" + value + '"' + (scope == "-" ? "" : R"(,"scope":")" + scope + '"') + '}';
}

struct lenient_config : default_config
{
    static constexpr bool accept_narrower_scope = true;
};

/// One server by script, one store, and flows of several registrations.
template <class Config = default_config>
struct desk
{
    using flow_type = flow<scripted_transport, failing_store, manual_clock, client_secret_post, Config>;

    scripted_transport line;
    failing_store store;
    manual_clock clock;
    server_metadata server = metadata();

    flow_type flow_of(client who) { return flow_type(server, std::move(who), line, store, clock); }

    scripted_transport::expectation asks(char const* grant_type)
    {
        auto made = line.expect_post(server.token_endpoint.url());
        return made.with("grant_type", grant_type);
    }

    result<token_response> sign_in(flow_type& with, std::string const& answer, authorization_options const& options = {})
    {
        asks("authorization_code").reply(200, answer);
        auto pending = with.authorize(options).value();
        return with.exchange(std::move(pending), "the-code");
    }

    ~desk() { BOOST_TEST(line.done(), line.report()); }
};

/// Not of this library.
struct daemon_grant
{
    static constexpr std::string_view grant_type = "client_credentials";
    oauth::scope scope;
    void write(form& body) const { body.add_if("scope", scope.str()); }
};

struct own_grant
{
    static constexpr std::string_view grant_type = "urn:example:own";
    void write(form&) const {}
};

struct scoped_grant
{
    static constexpr std::string_view grant_type = "urn:example:scoped";
    std::string scope, resource, claims;
    void write(form& body) const { body.add_if("scope", scope).add_if("resource", resource).add_if("claims", claims); }
};

} // namespace

BOOST_AUTO_TEST_SUITE(flow_flow_scopes)

// Another release of the program asks for more. Its users have granted the old scope.
BOOST_AUTO_TEST_CASE(a_registration_that_asks_for_more)
{
    desk<> here;
    auto old = here.flow_of(with_scope("offline_access User.Read"));
    here.sign_in(old, tokens("1", "User.Read")).value();
    auto grown = here.flow_of(with_scope("offline_access User.Read Bookings.ReadWrite.All"));
    // Not from the store, though it lives: it lacks the scope. The server is told what is wanted.
    here.asks("refresh_token").with("scope", "offline_access User.Read Bookings.ReadWrite.All").reply(200, tokens("2", "User.Read Bookings.ReadWrite.All"));
    auto const token = grown.access_token().value();
    BOOST_TEST(token.reveal() == "a2");
    BOOST_TEST(token->granted.str() == "User.Read Bookings.ReadWrite.All");
    // From then on it is there, and what was granted before too.
    BOOST_TEST(grown.access_token().value().reveal() == "a2");
    BOOST_TEST(old.access_token().value().reveal() == "a1");
    // It expires: what the session was granted is still the old scope, so it is named again.
    here.clock.advance(1h);
    here.asks("refresh_token").with("scope", "offline_access User.Read Bookings.ReadWrite.All").reply(200, tokens("3"));
    BOOST_TEST(grown.access_token().value().reveal() == "a3");
    here.asks("refresh_token").without("scope").reply(200, tokens("4"));
    BOOST_TEST(old.access_token().value().reveal() == "a4");
}

BOOST_AUTO_TEST_CASE(a_registration_that_asks_for_more_and_a_server_that_does_not_grant_it)
{
    desk<> here;
    auto old = here.flow_of(with_scope("offline_access User.Read"));
    here.sign_in(old, tokens("1", "User.Read")).value();
    auto grown = here.flow_of(with_scope("offline_access User.Read Bookings.ReadWrite.All"));
    // It refuses, as RFC 6749 6 has it.
    here.asks("refresh_token").with("scope", "offline_access User.Read Bookings.ReadWrite.All").reply(400, R"({"error":"invalid_scope"})");
    auto const refused = grown.access_token().error();
    BOOST_TEST(refused.code == server_errc::invalid_scope);
    BOOST_TEST(refused.next == advice::consent);
    // Or it grants less, and says so.
    here.asks("refresh_token").reply(200, tokens("2", "User.Read"));
    for (int i = 0; i < 3; ++i)   // told each time, asked once
    {
        auto const less = grown.access_token().error();
        BOOST_TEST(less.code == errc::scope_not_granted);
        BOOST_TEST(less.next == advice::consent);
        BOOST_TEST(less.hint.find("not granted: Bookings.ReadWrite.All;") != std::string::npos, less.hint);
    }
    BOOST_TEST(grown.call({.url = "https://api.example/"}).error().code == errc::scope_not_granted);
    BOOST_TEST(here.flow_of(grown.registration()).access_token().error().code == errc::scope_not_granted);   // by the store too
    // Less is to be had.
    BOOST_TEST(grown.access_token({.scope = "User.Read"}).value().reveal() == "a1");
    here.asks("refresh_token").reply(200, tokens("3", "User.Read"));
    BOOST_TEST(*grown.refresh().value().scope == "User.Read");   // what the server said
    here.asks("refresh_token").reply(200, tokens("4", "User.Read"));
    BOOST_TEST(grown.access_token({.renew = true}).error().code == errc::scope_not_granted);
    // A new sign-in mends it.
    here.sign_in(grown, tokens("5", "User.Read Bookings.ReadWrite.All")).value();
    BOOST_TEST(grown.access_token().value().reveal() == "a5");
}

BOOST_AUTO_TEST_CASE(a_sign_in_for_less_than_the_registration)
{
    desk<> here;
    auto graph = here.flow_of(with_scope("offline_access User.Read Mail.Send"));
    here.sign_in(graph, tokens("1"), {.scope = "offline_access User.Read"}).value();
    BOOST_TEST(graph.access_token({.scope = "User.Read"}).value().reveal() == "a1");
    here.asks("refresh_token").with("scope", "offline_access User.Read Mail.Send").reply(400, R"({"error":"invalid_scope"})");
    BOOST_TEST(graph.access_token().error().next == advice::consent);
    here.clock.advance(1h);
    here.asks("refresh_token").with("scope", "offline_access User.Read").reply(200, tokens("2"));
    BOOST_TEST(graph.access_token({.scope = "offline_access User.Read"}).value().reveal() == "a2");
}

BOOST_AUTO_TEST_CASE(a_user_who_grants_a_part)
{
    desk<> here;
    auto graph = here.flow_of(with_scope("offline_access User.Read Mail.Send"));
    // The sign-in itself is well; the answer says what was granted.
    BOOST_TEST(*here.sign_in(graph, tokens("1", "User.Read")).value().scope == "User.Read");
    BOOST_TEST(graph.access_token().error().code == errc::scope_not_granted);
    auto const part = graph.access_token({.scope = "User.Read"}).value();
    BOOST_TEST(part.reveal() == "a1");
    BOOST_TEST(part->requested.str() == "offline_access User.Read Mail.Send");
    BOOST_TEST(part->granted.str() == "User.Read");

    desk<lenient_config> content;
    auto any = content.flow_of(with_scope("offline_access User.Read Mail.Send"));
    content.sign_in(any, tokens("1", "User.Read")).value();
    BOOST_TEST(any.access_token().value().reveal() == "a1");
}

BOOST_AUTO_TEST_CASE(servers_that_name_what_they_grant_in_their_own_words)
{
    struct
    {
        char const* what;
        server_metadata server;
        oauth::scope asked;
        std::string granted;
    } const rows[] = {
        {"Graph's short names, and more", microsoft::v2("contoso.onmicrosoft.com"), "profile offline_access https://graph.microsoft.com/User.Read", "Mail.Read User.Read profile openid email"},
        {"another case", microsoft::v2("contoso.onmicrosoft.com"), "user.read", "User.Read"},
        {".default", microsoft::v2("contoso.onmicrosoft.com"), "https://graph.microsoft.com/.default", "User.Read Mail.Read"},
        {"another API's .default", microsoft::v2("contoso.onmicrosoft.com"), "api://x/.default offline_access", "api://x/read api://x/write"},
        {"the first of two resources", microsoft::v2("contoso.onmicrosoft.com"), "User.Read https://management.azure.com/user_impersonation offline_access", "User.Read openid"},
        {"nothing is named", microsoft::v2("contoso.onmicrosoft.com"), "User.Read", ""},
        {"B2C's client id", microsoft::b2c("contoso", "B2C_1_sign_in"), "offline_access 11111111-aaaa-4bbb-8ccc-222222222222", "11111111-aaaa-4bbb-8ccc-222222222222 offline_access"},
        {"v1 goes by the resource", microsoft::v1("contoso.onmicrosoft.com"), "offline_access Bookings.ReadWrite.All", "User.Read"},
        {"commas", metadata(), "repo gist", "gist,repo,read:org"},
    };
    for (auto const& given : rows)
        BOOST_TEST_CONTEXT(given.what)
        {
            desk<> here;
            here.server = given.server;
            auto graph = here.flow_of(with_scope(given.asked));
            here.sign_in(graph, tokens("1", given.granted)).value();
            BOOST_TEST(graph.access_token().value().reveal() == "a1");
            BOOST_TEST(here.flow_of(with_scope(given.asked)).access_token().value().reveal() == "a1");
        }
}

BOOST_AUTO_TEST_CASE(microsoft_is_told_one_resource_s_scope_at_each_renewal)
{
    desk<> here;
    here.server = microsoft::v2("contoso.onmicrosoft.com");
    auto graph = here.flow_of(with_scope("profile offline_access User.Read https://management.azure.com/user_impersonation"));
    here.sign_in(graph, tokens("1", "User.Read openid")).value();
    here.clock.advance(1h);
    here.asks("refresh_token").with("scope", "profile offline_access User.Read").reply(200, tokens("2", "User.Read openid"));
    BOOST_TEST(graph.access_token().value().reveal() == "a2");
    here.asks("refresh_token").with("scope", "https://management.azure.com/user_impersonation").reply(200, tokens("3", "https://management.azure.com/user_impersonation"));
    BOOST_TEST(graph.access_token({.scope = "https://management.azure.com/user_impersonation"}).value().reveal() == "a3");
    BOOST_TEST(graph.access_token().value().reveal() == "a2");
}

BOOST_AUTO_TEST_CASE(a_strict_server_is_asked_so_that_it_understands)
{
    for (auto const kind : {testing::personality::entra_v2, testing::personality::b2c, testing::personality::standard, testing::personality::entra_v1})
    {
        auto options = example_options();
        options.kind = kind;
        auto who = with_scope("openid offline_access Mail.Read");
        if (kind == testing::personality::entra_v1) who.resource = "https://graph.microsoft.com";
        flow_fixture here(options, who);
        here.sign_in().value();
        for (int i = 0; i < 3; ++i)
        {
            here.let_it_expire();
            BOOST_TEST(here.graph.access_token().has_value(), "kind " << static_cast<int>(kind));
        }
        BOOST_TEST(here.server.refresh_count() == 3U);
    }
}

BOOST_AUTO_TEST_CASE(a_grant_s_token_is_filed_under_what_the_grant_asks_for)
{
    desk<> here;
    auto graph = here.flow_of(with_scope("offline_access User.Read Mail.Send"));
    here.sign_in(graph, tokens("1")).value();
    here.asks("refresh_token").with("scope", "User.Read").reply(200, tokens("2", "User.Read"));
    graph.obtain(refresh_token{secret("r1"), "User.Read"}).value();
    BOOST_TEST(graph.access_token().value().reveal() == "a1");
    BOOST_TEST(graph.access_token({.scope = "User.Read"}).value().reveal() == "a2");
    // Resource and claims are part of it.
    here.asks("urn:example:scoped").with("resource", "https://r.example").reply(200, access_token_alone("a3"));
    graph.obtain(scoped_grant{"User.Read", "https://r.example", R"({"a":1})"}).value();
    BOOST_TEST(graph.access_token({.scope = "User.Read", .resource = "https://r.example", .claims = R"({"a":1})"}).value().reveal() == "a3");
    BOOST_TEST(graph.access_token({.scope = "User.Read"}).value().reveal() == "a2");
    BOOST_TEST(graph.session().value()->refresh_token.reveal() == "r2");
    // A grant that was granted less is told of as any other.
    here.asks("urn:example:scoped").reply(200, access_token_alone("a4", "Files.Read"));
    graph.obtain(scoped_grant{"Files.Read Files.Write", "", ""}).value();
    BOOST_TEST(graph.access_token({.scope = "Files.Read Files.Write"}).error().code == errc::scope_not_granted);
    BOOST_TEST(graph.access_token({.scope = "Files.Read"}).value().reveal() == "a4");
}

BOOST_AUTO_TEST_CASE(a_grant_that_names_no_scope_goes_by_the_answer)
{
    desk<> here;
    auto graph = here.flow_of(with_scope("offline_access User.Read Mail.Send"));
    here.asks("refresh_token").without("scope").reply(200, tokens("1", "User.Read"));
    graph.obtain(refresh_token{secret("r0")}).value();   // from another program, say
    BOOST_TEST(graph.access_token({.scope = "User.Read"}).value().reveal() == "a1");
    here.asks("refresh_token").with("scope", "offline_access User.Read Mail.Send").reply(400, R"({"error":"invalid_scope"})");
    BOOST_TEST(graph.access_token().error().next == advice::consent);
    // Where the answer names none either, it is taken for what the registration asks for.
    here.asks("urn:example:own").reply(200, access_token_alone("a2"));
    graph.obtain(own_grant{}).value();
    BOOST_TEST(graph.access_token().value().reveal() == "a2");

    // v1 says for which resource it is.
    desk<> v1;
    v1.server = microsoft::v1("contoso.onmicrosoft.com");
    auto who = with_scope("");
    who.resource = "https://graph.microsoft.com/";
    auto by_resource = v1.flow_of(who);
    v1.asks("refresh_token").reply(200, tokens("1", "User.Read", R"(,"resource":"https://graph.microsoft.com")"));
    by_resource.obtain(refresh_token{secret("r0")}).value();
    BOOST_TEST(by_resource.access_token({.scope = "User.Read"}).value().reveal() == "a1");
    v1.asks("refresh_token").reply(200, tokens("2", "user_impersonation", R"(,"resource":"https://management.azure.com")"));
    by_resource.obtain(refresh_token{secret("r0")}).value();
    BOOST_TEST(by_resource.access_token({.scope = "User.Read"}).value().reveal() == "a1");
    BOOST_TEST(by_resource.access_token({.scope = "user_impersonation", .resource = "https://management.azure.com"}).value().reveal() == "a2");
}

// As with MSAL: what acts for a user never becomes what acts for the program itself, and has other rights.
BOOST_AUTO_TEST_CASE(the_client_s_own_token_never_takes_a_user_s_place)
{
    desk<> here;
    auto graph = here.flow_of(with_scope("offline_access User.Read"));
    here.sign_in(graph, tokens("1")).value();
    here.asks("client_credentials").reply(200, tokens("app"));
    BOOST_TEST(graph.obtain(daemon_grant{"offline_access User.Read"})->access_token.reveal() == "aapp");
    BOOST_TEST(graph.access_token().value().reveal() == "a1");
    BOOST_TEST(here.flow_of(with_scope("offline_access User.Read")).access_token().value().reveal() == "a1");
    BOOST_TEST(graph.session().value()->refresh_token.reveal() == "r1");
    here.asks("client_credentials").with("scope", "https://graph.microsoft.com/.default").reply(200, access_token_alone("app2"));
    graph.obtain(daemon_grant{"https://graph.microsoft.com/.default"}).value();
    here.asks("refresh_token").with("refresh_token", "r1").with("scope", "https://graph.microsoft.com/.default").reply(400, R"({"error":"invalid_scope"})");
    BOOST_TEST(graph.access_token({.scope = "https://graph.microsoft.com/.default"}).has_error());
    // The user's has expired, the client's has not.
    here.clock.advance(3500s);
    here.asks("client_credentials").reply(200, access_token_alone("app3"));
    graph.obtain(daemon_grant{"offline_access User.Read"}).value();
    here.clock.advance(100s);
    here.asks("refresh_token").with("refresh_token", "r1").reply(400, R"({"error":"invalid_grant"})");
    BOOST_TEST(graph.access_token().error().code == server_errc::invalid_grant);
    BOOST_TEST(graph.access_token().error().code == errc::session_ended);   // and not the client's, for all that
    // The user comes back.
    here.sign_in(graph, tokens("2")).value();
    BOOST_TEST(graph.access_token().value().reveal() == "a2");
}

BOOST_AUTO_TEST_CASE(nor_does_a_user_s_take_the_client_s)
{
    desk<> here;
    account const ann{"ann"};
    auto graph = here.flow_of(with_scope("offline_access User.Read"));
    here.asks("authorization_code").reply(200, tokens("1"));
    auto pending = graph.authorize().value();
    graph.exchange(std::move(pending), "the-code", ann).value();
    // The same scope, for the same account: what acts for the user is at hand, and is not it.
    client_credentials const own{.scope = "offline_access User.Read"};
    here.asks("client_credentials").reply(200, access_token_alone("app"));
    BOOST_TEST(graph.access_token(own, ann).value().reveal() == "app");
    BOOST_TEST(graph.access_token(ann).value().reveal() == "a1");
    BOOST_TEST(graph.access_token(own, ann).value().reveal() == "app");   // from memory
    auto other = here.flow_of(with_scope("offline_access User.Read"));
    BOOST_TEST(other.access_token(own, ann).value().reveal() == "app");   // from the store
    BOOST_TEST(other.access_token(ann).value().reveal() == "a1");
    BOOST_TEST(graph.session(ann).value()->refresh_token.reveal() == "r1");
    // An account that has nothing but the client's own has nothing for a grant that acts for a user.
    account const bob{"bob"};
    here.asks("client_credentials").reply(200, access_token_alone("app2"));
    BOOST_TEST(graph.access_token(own, bob).value().reveal() == "app2");
    here.asks("urn:example:scoped").reply(200, access_token_alone("a2"));
    BOOST_TEST(graph.access_token(scoped_grant{"offline_access User.Read", "", ""}, bob).value().reveal() == "a2");
}

BOOST_AUTO_TEST_CASE(a_program_without_users_gets_its_own_token)
{
    desk<> here;
    auto daemon = here.flow_of(with_scope("https://graph.microsoft.com/.default"));
    here.asks("client_credentials").reply(200, access_token_alone("app"));
    daemon.obtain(daemon_grant{"https://graph.microsoft.com/.default"}).value();
    BOOST_TEST(daemon.access_token().value().reveal() == "app");
    BOOST_TEST(here.flow_of(daemon.registration()).access_token().value().reveal() == "app");
    here.clock.advance(1h);
    auto const over = daemon.access_token().error();
    BOOST_TEST(over.code == errc::not_renewable);
    BOOST_TEST(over.hint.find("by its grant") != std::string::npos, over.hint);
    // What could not be saved is there too.
    here.store.deny("save");
    here.asks("client_credentials").reply(200, access_token_alone("app2"));
    BOOST_TEST(daemon.obtain(daemon_grant{"https://graph.microsoft.com/.default"}).error().code == errc::store_not_writable);
    BOOST_TEST(daemon.access_token().value().reveal() == "app2");
}

BOOST_AUTO_TEST_SUITE_END()
