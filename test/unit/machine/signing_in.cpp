#include <oauth/machine/signing_in.hpp>
#include <boost/test/unit_test.hpp>
#include <oauth/machine/device_login.hpp>
#include <oauth/machine/obtaining.hpp>
#include "../../support/id_tokens.hpp"
#include "../../support/machine_script.hpp"
#include "../../support/sessions.hpp"
#include <chrono>
#include <memory>
#include <string>
#include <utility>

namespace {

using namespace oauth;
using namespace oauth::test;
using namespace std::chrono_literals;

using machine_type = signing_in<obtaining>;
machine_script<machine_type>::parameters const sent{{"code", "c"}};

auto signing(id_token_expectations expected = expectations())
{
    auto const make = [expected] {
        form body;
        body.add("code", "c");
        return machine_type(obtaining(std::move(body), {"openid Mail.Read", "", "", 600s}, earlier_session::replaced, {}, 1 << 20), expected, 1 << 20);
    };
    return machine_script<machine_type>(make, issued_now);
}

http_response answer(std::string const& members, int status = 200)
{
    return {status, {{"Content-Type", "application/json"}}, secret(R"({"token_type":"Bearer","expires_in":3600,"access_token":"a1","refresh_token":"r1")" + members + "}")};
}

http_response with_identity(boost::json::object const& claims = good_claims()) { return answer(R"(,"id_token":")" + signed_token(claims) + '"'); }

void kept(session& saved)
{
    BOOST_TEST(!saved.id_token.empty());
    BOOST_TEST(saved.id_token_trusted);
}
void succeeded(result<exchanged> outcome) { BOOST_TEST(outcome.has_value()); }

auto failed_with(errc why)
{
    return [why](result<exchanged> outcome) {
        BOOST_TEST_REQUIRE(outcome.has_error());
        BOOST_TEST(outcome.error().code == make_error_code(why), "it says " << outcome.error().code.message());
    };
}

} // namespace

BOOST_AUTO_TEST_SUITE(machine_signing_in)

BOOST_AUTO_TEST_CASE(has_the_keys_before_it_spends_anything)
{
    signing()
        .keys(false, server_keys())
        .probe()
        .ask(sent, with_identity())
        .lock()
        .save(kept)
        .unlock()
        .ends(succeeded)
        .fails_at_every_step([](result<exchanged> outcome, failure const& why) {
            if (outcome.has_error()) BOOST_TEST(outcome.error().code == why.code);
            else BOOST_TEST(outcome->not_saved.has_value());
        });
}

BOOST_AUTO_TEST_CASE(gets_newer_keys_once)
{
    signing().keys(false, other_keys()).probe().ask(sent, with_identity()).keys(true, server_keys()).lock().save(kept).unlock().ends(succeeded);
    signing().keys(false, other_keys()).probe().ask(sent, with_identity()).keys(true, other_keys()).ends(failed_with(errc::unknown_key));
    // The same name, another key.
    signing().keys(false, set_of(private_key::generate(jws_algorithm::es256).value(), "k1")).probe().ask(sent, with_identity()).keys(true, server_keys()).lock().save(kept).unlock().ends(succeeded);
    signing().keys(false, other_keys()).probe().ask(sent, with_identity()).keys(true, {}).fails(failure(errc::connect_failed, advice::retry)).ends(failed_with(errc::connect_failed));
}

BOOST_AUTO_TEST_CASE(keeps_nothing_of_an_answer_that_is_not_to_be_believed)
{
    signing().keys(false, {}).fails(failure(errc::connect_failed, advice::retry)).ends(failed_with(errc::connect_failed));
    signing().keys(false, server_keys()).probe().ask(sent, with_identity(claims_with("nonce", "n-2"))).ends(failed_with(errc::nonce_mismatch));
    signing().keys(false, server_keys()).probe().ask(sent, answer(R"(,"id_token":"e30.e30.")")).ends(failed_with(errc::malformed_token));
    auto with_hash = good_claims();
    with_hash["at_hash"] = "AAAAAAAAAAAAAAAAAAAAAA";
    signing().keys(false, server_keys()).probe().ask(sent, with_identity(with_hash)).ends(failed_with(errc::token_hash_mismatch));
}

BOOST_AUTO_TEST_CASE(wants_the_id_token_where_openid_was_granted)
{
    signing().keys(false, server_keys()).probe().ask(sent, answer("")).ends(failed_with(errc::response_missing_member));
    signing().keys(false, server_keys()).probe().ask(sent, answer(R"(,"scope":"openid Mail.Read")")).ends(failed_with(errc::response_missing_member));
    // A server that does not know OpenID Connect grants the rest.
    signing().keys(false, server_keys()).probe().ask(sent, answer(R"(,"scope":"Mail.Read")")).lock().save([](session&) {}).unlock().ends(succeeded);
}

BOOST_AUTO_TEST_CASE(wants_the_id_token_where_it_must_show_something)   // whatever was granted
{
    auto gold = expectations(), some = expectations(), recent = expectations();
    gold.acr_values = {"gold"};
    some.acr_required = true;
    recent.max_age = 300s;
    for (auto const& expected : {gold, some, recent})
        signing(expected).keys(false, server_keys()).probe().ask(sent, answer(R"(,"scope":"Mail.Read")")).ends(failed_with(errc::response_missing_member));
}

BOOST_AUTO_TEST_CASE(leaves_a_refusal_to_the_machine_within)
{
    http_response const refused{400, {{"Content-Type", "application/json"}}, secret(R"({"error":"invalid_grant"})")};
    signing().keys(false, server_keys()).probe().ask(sent, refused).ends([](result<exchanged> outcome) {
        BOOST_TEST_REQUIRE(outcome.has_error());
        BOOST_TEST(outcome.error().code == make_error_code(server_errc::invalid_grant));
    });
}

// A device code is spent once it was answered with tokens: to ask again, as in an outage, would bring invalid_grant at best, which says nothing of what was wrong.
BOOST_AUTO_TEST_CASE(a_device_login_ends_once_tokens_have_come)
{
    struct display
    {
        void operator()(device_authorization_response const&) const {}
    };
    using device_machine = signing_in<device_login<display>>;
    auto const begun = [] {
        auto const make = [] {
            auto expected = expectations();
            expected.nonce.reset();
            return device_machine(device_login<display>({.scope = "openid"}, {}, {"openid", "", "", 600s}, 1h, {}, 1 << 20), expected, 1 << 20);
        };
        auto made = machine_script<device_machine>(make, issued_now);
        made.keys(false, other_keys())
            .probe()
            .ask_at(&server_metadata::device_authorization_endpoint, {{"scope", "openid"}},
                    {200, {{"Content-Type", "application/json"}}, secret(R"({"device_code":"d1","user_code":"u","verification_uri":"https://example.com/device","expires_in":900})")})
            .wait(5s)
            .probe();
        return made;
    };
    machine_script<device_machine>::parameters const question{{"grant_type", "urn:ietf:params:oauth:grant-type:device_code"}, {"device_code", "d1"}};
    http_response const busy{503, {}, secret("busy")};
    begun().ask(question, with_identity()).keys(true, other_keys()).ends(failed_with(errc::unknown_key));
    begun().ask(question, with_identity()).keys(true, {}).fails(failure(errc::connect_failed, advice::retry)).ends(failed_with(errc::connect_failed));
    begun().ask(question, answer("")).ends(failed_with(errc::response_missing_member));
    // An outage before that does not end it.
    begun().ask(question, busy).wait(10s).probe().ask(question, with_identity()).keys(true, server_keys()).lock().save(kept).unlock().ends(succeeded);
}

BOOST_AUTO_TEST_CASE(tells_who_signed_in)
{
    form body;
    machine_type machine(obtaining(std::move(body), {}, earlier_session::replaced, {}, 1 << 20), expectations(), 1 << 20);
    BOOST_TEST(std::holds_alternative<next::keys>(machine.resume({}, issued_now)));
    BOOST_TEST(std::holds_alternative<next::probe>(machine.resume(server_keys(), issued_now)));
    BOOST_TEST(!machine.inner().asked());
    BOOST_TEST(std::holds_alternative<next::ask>(machine.resume({}, issued_now)));
    BOOST_TEST(machine.inner().asked());
    BOOST_TEST(!machine.identity().has_value());
    BOOST_TEST(std::holds_alternative<next::lock>(machine.resume(with_identity(), issued_now)));
    BOOST_TEST_REQUIRE(machine.identity().has_value());
    BOOST_TEST(machine.identity()->subject == "alex");
}

BOOST_AUTO_TEST_SUITE_END()
