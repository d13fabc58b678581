#include <oauth/machine/endpoint_call.hpp>
#include <oauth/request/introspection.hpp>
#include <oauth/request/pushed_authorization.hpp>
#include <oauth/request/revocation.hpp>
#include <boost/test/unit_test.hpp>
#include "../../support/machine_script.hpp"
#include "../../support/sessions.hpp"
#include <array>
#include <string>

namespace {

using namespace oauth;
using namespace oauth::test;

auto asking(std::span<advice_rule const> rules = {}, std::size_t limit = 1 << 20)
{
    return machine_script([=] { return endpoint_call<introspection>({.token = secret("t"), .token_type_hint = "access_token"}, rules, limit); }, start);
}

machine_script<endpoint_call<introspection>>::parameters const sent{{"token", "t"}, {"token_type_hint", "access_token"}};

} // namespace

BOOST_AUTO_TEST_SUITE(machine_endpoint_call)

BOOST_AUTO_TEST_CASE(asks_once_and_reads_the_answer)
{
    asking()
        .ask_at(introspection::where, sent, answer(200, R"({"active":true,"sub":"x"})"))
        .ends([](result<introspection_response> outcome) { BOOST_TEST(outcome.value().subject == "x"); });
    failure const lost(errc::connection_lost, advice::retry, "the line");
    asking().ask_at(introspection::where, sent, {}).fails(lost).ends([](result<introspection_response> outcome) {
        BOOST_TEST_REQUIRE(outcome.has_error());
        BOOST_TEST(outcome.error().code == errc::connection_lost);
        BOOST_TEST(outcome.error().hint == "the line");
    });
    asking({}, 10).ask_at(introspection::where, sent, answer(200, R"({"active":true,"sub":"x"})")).ends([](result<introspection_response> outcome) {
        BOOST_TEST(outcome.error().code == errc::response_too_large);
    });
}

BOOST_AUTO_TEST_CASE(the_provider_knows_what_helps)
{
    static constexpr std::array<advice_rule, 1> rules{advice_rule{.error = "made_up", .next = advice::consent, .hint = "ask the admin"}};
    asking(rules).ask_at(introspection::where, sent, refusal("made_up")).ends([](result<introspection_response> outcome) {
        BOOST_TEST(outcome.error().next == advice::consent);
        BOOST_TEST(outcome.error().hint == "ask the admin");
    });
}

template <class Message>
next::ask asked_by(Message const& message)
{
    endpoint_call<Message> machine(message, {}, 1);
    return std::get<next::ask>(machine.resume({}, start));
}

BOOST_AUTO_TEST_CASE(each_goes_where_it_says)
{
    BOOST_TEST((asked_by(introspection{}).where == &server_metadata::introspection_endpoint));
    BOOST_TEST((asked_by(revocation{}).where == &server_metadata::revocation_endpoint));
    BOOST_TEST((asked_by(pushed_authorization{}).where == &server_metadata::pushed_authorization_request_endpoint));
    BOOST_TEST(!asked_by(introspection{}).names_client);
    BOOST_TEST(asked_by(pushed_authorization{}).names_client);
}

BOOST_AUTO_TEST_CASE(an_answer_of_nothing_is_one)
{
    machine_script([] { return endpoint_call<revocation>({.token = secret("t")}, {}, 100); }, start)
        .ask_at(revocation::where, {{"token", "t"}}, answer(200, ""))
        .ends([](result<void> outcome) { BOOST_TEST(outcome.has_value()); });
}

BOOST_AUTO_TEST_SUITE_END()
