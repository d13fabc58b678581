#include <oauth/flow/flow.hpp>
#include <boost/test/unit_test.hpp>
#include <oauth/testing/scripted_transport.hpp>
#include "../../support/flow_fixture.hpp"
#include <chrono>
#include <functional>
#include <memory>
#include <stdexcept>
#include <stop_token>
#include <string>
#include <thread>
#include <utility>
#include <vector>

// A device's sign-in, from the codes to the tokens, against the strict server.
namespace {

using namespace oauth;
using namespace oauth::test;
using namespace std::chrono_literals;
using testing::fault;
using testing::personality;
using testing::server_place;
using testing::user_choice;

/// A clock by which something happens while the device waits.
struct busy_clock
{
    testing::manual_clock clock;
    std::shared_ptr<std::vector<seconds>> waits = std::make_shared<std::vector<seconds>>();
    std::shared_ptr<std::function<void(std::size_t)>> happens = std::make_shared<std::function<void(std::size_t)>>();

    time_point now() const noexcept { return clock.now(); }

    void wait_for(seconds duration) const
    {
        clock.wait_for(duration);
        waits->push_back(duration);
        if (*happens) (*happens)(waits->size());
    }
};
static_assert(check_clock<busy_clock>());

testing::authorization_server_options options_of(personality kind)
{
    auto made = example_options();
    made.kind = kind;
    return made;
}

client client_of(personality kind)
{
    auto made = example_client();
    if (kind == personality::entra_v1) made.resource = "https://graph.microsoft.com";
    if (kind == personality::standard) made.scope = "offline_access read";
    return made;
}

struct device
{
    busy_clock clock;
    strict_server server;
    small_api api{server};
    memory_line line{server, api};
    failing_store store;
    flow<memory_line, failing_store, busy_clock> graph;
    std::vector<device_authorization_response> shown;

    explicit device(personality kind = personality::entra_v2) : device(options_of(kind), client_of(kind)) {}

    device(testing::authorization_server_options options, client who)
        : server(std::move(options), clock.clock), graph(with_resources(server.metadata(), who), who, line, store, clock)
    {
    }

    static server_metadata with_resources(server_metadata made, client const& who)
    {
        made.asks_by_resource = !who.resource.empty();
        return made;
    }

    auto show() { return [this](device_authorization_response const& codes) { shown.push_back(codes); }; }

    /// The user does it during the `turn`th wait.
    void user(std::size_t turn, user_choice choice = user_choice::accept)
    {
        *clock.happens = [this, turn, choice](std::size_t now) {
            if (now == turn) BOOST_TEST(server.enter_code(shown.at(0).user_code, choice));
        };
    }

    std::vector<seconds> const& waits() const { return *clock.waits; }
};

using waits = std::vector<seconds>;

} // namespace

BOOST_AUTO_TEST_SUITE(flow_flow_device)

BOOST_AUTO_TEST_CASE(from_the_codes_to_the_tokens)
{
    for (auto const kind : {personality::entra_v2, personality::entra_v1, personality::standard})
        BOOST_TEST_CONTEXT("personality " << static_cast<int>(kind))
        {
            device here(kind);
            here.user(3);
            auto const tokens = here.graph.device_sign_in(here.show());
            BOOST_TEST_REQUIRE(tokens.has_value());
            BOOST_TEST((here.waits() == waits{5s, 5s, 5s}));
            BOOST_TEST_REQUIRE(here.shown.size() == 1U);
            auto const& codes = here.shown[0];
            BOOST_TEST((codes.expires_in == 15min && codes.interval == 5s));
            BOOST_TEST(codes.verification_uri.starts_with("https://"));
            BOOST_TEST(codes.verification_uri_complete.empty() == (kind != personality::standard));
            BOOST_TEST(codes.message.empty() == (kind == personality::standard));
            BOOST_TEST(here.graph.access_token().value().reveal() == tokens->access_token.reveal());
            BOOST_TEST(here.server.accepts(tokens->access_token.reveal()));
            BOOST_TEST(here.server.counts().device_sign_ins == 1U);
            BOOST_TEST(here.server.counts().reuses_detected == 0U);
            // It is renewed like any other session.
            here.clock.clock.advance(2h);
            BOOST_TEST(here.graph.access_token().value().reveal() != tokens->access_token.reveal());
            BOOST_TEST(here.server.refresh_count() == 1U);
        }
}

BOOST_AUTO_TEST_CASE(for_an_account_and_with_another_scope)
{
    device here;
    here.user(1);
    BOOST_TEST(here.graph.device_sign_in(here.show(), {.scope = "offline_access User.Read"}, {"ann"}).has_value());
    BOOST_TEST(here.graph.access_token().error().code == errc::no_session);
    auto const token = here.graph.access_token(account{"ann"}, {.scope = "User.Read"}).value();
    BOOST_TEST(here.server.introspect(token.reveal()).value().scope.str() == "User.Read");
    BOOST_TEST(here.graph.session({"ann"}).value()->refresh_token.empty() == false);
}

// The account's earlier session ends, as with any sign-in.
BOOST_AUTO_TEST_CASE(the_earlier_session_is_replaced)
{
    device here;
    here.user(1);
    auto const first = here.graph.device_sign_in(here.show()).value();
    here.shown.clear();
    here.clock.waits->clear();
    auto const second = here.graph.device_sign_in(here.show(), {.scope = "User.Read"}).value();
    auto const kept = here.graph.session().value();
    BOOST_TEST(kept->access_tokens.size() == 1U);
    BOOST_TEST(kept->refresh_token.empty());
    BOOST_TEST(first.access_token.reveal() != second.access_token.reveal());
}

BOOST_AUTO_TEST_CASE(the_user_says_no)
{
    device entra, standard(personality::standard);
    entra.user(2, user_choice::cancel);
    standard.user(2, user_choice::cancel);
    BOOST_TEST(entra.graph.device_sign_in(entra.show()).error().code == server_errc::authorization_declined);
    BOOST_TEST(standard.graph.device_sign_in(standard.show()).error().code == server_errc::access_denied);
    BOOST_TEST((entra.waits() == waits{5s, 5s}));
    BOOST_TEST(entra.graph.access_token().error().code == errc::no_session);
}

BOOST_AUTO_TEST_CASE(the_user_never_comes)
{
    device here;
    auto const too_late = here.graph.device_sign_in(here.show()).error();
    BOOST_TEST(too_late.next == advice::sign_in_again);
    // At the very end the server says so itself.
    BOOST_TEST(too_late.code == server_errc::expired_token);
    BOOST_TEST(here.waits().size() == 180U);
    BOOST_TEST((here.clock.now() == start + 15min));

    auto options = options_of(personality::standard);
    options.device_code_lifetime = 5h;
    options.device_interval = 90s;
    device long_lived(options, client_of(personality::standard));
    BOOST_TEST(long_lived.graph.device_sign_in(long_lived.show()).error().code == errc::authorization_expired);   // Config::authorization_lifetime
    BOOST_TEST((long_lived.clock.now() == start + 1h));
}

BOOST_AUTO_TEST_CASE(a_server_that_wants_it_slower)
{
    device here(personality::standard);
    here.user(4);
    // Somebody else asks with the same code: the server then wants five seconds more of both.
    auto const user = *here.clock.happens;
    *here.clock.happens = [&, user](std::size_t turn) {
        if (turn == 2)
        {
            device_code const grant{here.shown.at(0).device_code};
            BOOST_TEST(here.graph.obtain(grant, {"other"}).error().code == server_errc::authorization_pending);
        }
        user(turn);
    };
    BOOST_TEST(here.graph.device_sign_in(here.show()).has_value());
    BOOST_TEST((here.waits() == waits{5s, 5s, 10s, 10s}));
}

BOOST_AUTO_TEST_CASE(an_outage_is_waited_out)
{
    device here;
    here.user(5);
    here.server.fail_next(fault::service_unavailable, 2);
    BOOST_TEST(here.graph.device_sign_in(here.show()).has_value());
    BOOST_TEST((here.waits() == waits{5s, 10s, 20s, 5s, 5s}));

    device cut;
    cut.user(1);
    *cut.clock.happens = [&, user = *cut.clock.happens](std::size_t turn) {
        if (turn <= 2) cut.line.refuse_next();
        user(turn);
    };
    BOOST_TEST(cut.graph.device_sign_in(cut.show()).has_value());
    BOOST_TEST((cut.waits() == waits{5s, 10s, 20s}));

    device busy;
    busy.user(1);
    busy.server.fail_next(fault::too_many_requests);   // Retry-After: 60
    BOOST_TEST(busy.graph.device_sign_in(busy.show()).has_value());
    BOOST_TEST((busy.waits() == waits{5s, 60s}));
}

// The device code was spent, and its tokens are lost: nothing but a new sign-in helps, and that is said.
BOOST_AUTO_TEST_CASE(an_answer_that_gets_lost)
{
    device here;
    here.user(1);
    *here.clock.happens = [&, user = *here.clock.happens](std::size_t turn) {
        user(turn);
        if (turn == 1) here.line.lose_next();
    };
    auto const lost = here.graph.device_sign_in(here.show()).error();
    BOOST_TEST(lost.code == server_errc::invalid_grant);
    BOOST_TEST(lost.next == advice::sign_in_again);
}

BOOST_AUTO_TEST_CASE(stopped_from_outside)
{
    device here;
    std::stop_source stop;
    *here.clock.happens = [&](std::size_t turn) {
        if (turn == 2) stop.request_stop();
    };
    BOOST_TEST(here.graph.device_sign_in(here.show(), {}, {}, stop.get_token()).error().code == errc::cancelled);
    BOOST_TEST((here.waits() == waits{5s, 5s}));
    BOOST_TEST(here.graph.device_sign_in(here.show(), {}, {}, stop.get_token()).error().code == errc::cancelled);
    BOOST_TEST(here.shown.size() == 2U);

    // By the machine's clock it is prompt too.
    flow_fixture real;
    flow by_the_clock{real.server.metadata(), example_client(), real.line, real.store};
    std::stop_source soon;
    std::jthread const ends([&soon] {
        std::this_thread::sleep_for(50ms);
        soon.request_stop();
    });
    auto const begun = std::chrono::steady_clock::now();
    BOOST_TEST(by_the_clock.device_sign_in([](auto const&) {}, {}, {}, soon.get_token()).error().code == errc::cancelled);
    BOOST_TEST((std::chrono::steady_clock::now() - begun < 3s));
}

BOOST_AUTO_TEST_CASE(what_fails_before_anything_is_shown)
{
    device here;
    BOOST_TEST(here.graph.device_sign_in(here.show(), {.scope = "a\"b"}).error().code == errc::invalid_scope);
    BOOST_TEST(here.graph.device_sign_in(here.show(), {}, {""}).error().code == errc::invalid_account);
    here.store.deny("probe");
    BOOST_TEST(here.graph.device_sign_in(here.show()).error().code == errc::store_not_writable);
    here.server.fail_next(fault::service_unavailable, 1, server_place::device_authorization);
    BOOST_TEST(here.graph.device_sign_in(here.show()).error().code == errc::unexpected_status);
    BOOST_TEST(here.server.counts().token_requests == 0U);
    BOOST_TEST(here.shown.empty());

    device b2c(personality::b2c);
    BOOST_TEST(b2c.graph.device_sign_in(b2c.show()).error().code == errc::missing_endpoint);
    auto stranger = example_client();
    stranger.id = "nobody";
    device unknown(example_options(), stranger);
    BOOST_TEST(unknown.graph.device_sign_in(unknown.show()).error().code == server_errc::unauthorized_client);
    BOOST_TEST(unknown.shown.empty());
}

BOOST_AUTO_TEST_CASE(a_display_that_fails_or_throws)
{
    device here;
    BOOST_TEST(here.graph.device_sign_in([](auto const&) -> result<void> { return failure(errc::browser_unavailable, advice::give_up); }).error().code == errc::browser_unavailable);
    BOOST_CHECK_THROW((void)here.graph.device_sign_in([](auto const&) { throw std::runtime_error("no screen"); }), std::runtime_error);
    BOOST_TEST(here.server.counts().token_requests == 0U);
    here.user(1);
    BOOST_TEST(here.graph.device_sign_in(here.show()).has_value());
}

BOOST_AUTO_TEST_CASE(what_can_not_be_saved_is_told_once_and_held)
{
    device here;
    here.user(1);
    here.store.deny("save");
    BOOST_TEST(here.graph.device_sign_in(here.show()).error().code == errc::store_not_writable);
    BOOST_TEST(here.server.accepts(here.graph.access_token().value().reveal()));
}

// For a program that waits in its own way.
BOOST_AUTO_TEST_CASE(step_by_step)
{
    device here;
    auto const codes = here.graph.ask(device_authorization{.scope = "offline_access Mail.Read"}).value();
    device_code const grant{codes.device_code};
    BOOST_TEST(here.graph.obtain(grant).error().code == server_errc::authorization_pending);
    BOOST_TEST(here.server.enter_code(codes.user_code));
    BOOST_TEST(here.graph.obtain(grant).has_value());
    BOOST_TEST(here.graph.access_token().has_value());
    BOOST_TEST(here.graph.obtain(grant).error().code == server_errc::invalid_grant);   // used already
}

BOOST_AUTO_TEST_CASE(the_requests)
{
    server_metadata server;
    server.token_endpoint = "https://login.example/token";
    server.device_authorization_endpoint = "https://login.example/device";
    testing::scripted_transport transport;
    auto who = example_client();
    who.claims = "{}";
    flow made{server, who, transport, testing::manual_clock{}};
    transport.expect_post("https://login.example/device").with("client_id", "the client").with("client_secret", "the client's secret").with("scope", "offline_access Mail.Read")
        .with("mkt", "de").without("claims").without("resource").without("grant_type")
        .reply(200, R"({"device_code":"d+1","user_code":"u","verification_uri":"https://login.example/","expires_in":"900","interval":"5"})");
    transport.expect_post("https://login.example/token").with("client_id", "the client").with("device_code", "d+1").with("claims", "{}")
        .with("grant_type", "urn:ietf:params:oauth:grant-type:device_code").without("code").without("scope").without("user_code")
        .reply(200, R"({"access_token":"a1","token_type":"Bearer","expires_in":"3600"})");
    BOOST_TEST(made.device_sign_in([](auto const&) {}, {.extra = {{"mkt", "de"}}}).has_value());
    BOOST_TEST(transport.done(), transport.report());
    BOOST_TEST(made.access_token().value().reveal() == "a1");
}

BOOST_AUTO_TEST_SUITE_END()
