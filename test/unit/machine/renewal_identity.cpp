#include <oauth/machine/renewal.hpp>
#include <boost/test/unit_test.hpp>
#include <boost/json/serialize.hpp>
#include "../../support/id_tokens.hpp"
#include "../../support/machine_script.hpp"
#include "../../support/sessions.hpp"
#include <chrono>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// What a renewal makes of the ID token that its answer brings (OpenID Connect Core 12.2).
namespace {

using namespace oauth;
using namespace oauth::test;
using namespace std::chrono_literals;
using parameters = machine_script<renewal>::parameters;

parameters const sends_r1{{"grant_type", "refresh_token"}, {"refresh_token", "r1"}, {"scope", "Mail.Read"}};

auto renewing(renew_when when = renew_when::needed)
{
    return machine_script([when] {
        renewal_wish made;
        made.terms = {"Mail.Read", "", "", 600s};
        made.names_scope = name_scope::always;
        made.when = when;
        return renewal(std::move(made));
    }, start);
}

/// Signed by nobody, as Microsoft's v1 sends them.
std::string unsigned_token(boost::json::object const& claims, std::string const& algorithm = "none")
{
    return base64url_encode(R"({"typ":"JWT","alg":")" + algorithm + "\"}") + '.' + base64url_encode(boost::json::serialize(claims)) + '.';
}

session with_identity(std::string const& id_token, seconds life = 0s)
{
    auto made = session_of("r1", {issued("a1", start + life)});
    made.id_token = secret(id_token);
    made.id_token_trusted = true;
    return made;
}

http_response brings(std::string const& id_token) { return token_answer("a2", "r2", R"("expires_in":3600,"id_token":")" + id_token + '"'); }

/// The refresh token is the new one, and the identity is `id_token`, which is trusted as the earlier one was.
std::function<void(session&)> keeps(std::string id_token, bool trusted = true)
{
    return [=](session& kept) {
        BOOST_TEST(kept.refresh_token.reveal() == "r2");
        BOOST_TEST(kept.find("Mail.Read", "", "", "").reveal() == "a2");
        BOOST_TEST(kept.id_token.reveal() == id_token);
        BOOST_TEST(kept.id_token_trusted == trusted);
    };
}

void gives_new(result<renewed> outcome)
{
    BOOST_TEST_REQUIRE(outcome.has_value());
    BOOST_TEST(outcome->token.reveal() == "a2");
    BOOST_TEST(outcome->answer.has_value());
    BOOST_TEST(!outcome->outage.has_value());
}

std::function<void(result<renewed>)> refuses(errc why)
{
    return [=](result<renewed> outcome) {
        BOOST_TEST_REQUIRE(outcome.has_error());
        BOOST_TEST(outcome.error().code == make_error_code(why), "it says " << outcome.error().code.message());
        BOOST_TEST(outcome.error().next == advice::sign_in_again);
        auto const text = describe(outcome.error());
        for (char const* secret_one : {"a2", "r2", "blake", "n-2"}) BOOST_TEST(text.find(secret_one) == std::string::npos);
    };
}

struct contradiction
{
    char const* claim;
    boost::json::value value;
    errc why;
};

std::vector<contradiction> const contradictions{{"iss", "https://other.example", errc::token_issuer_mismatch},
                                                {"sub", "blake", errc::subject_mismatch},
                                                {"aud", "another", errc::audience_mismatch},
                                                {"azp", "another", errc::audience_mismatch},
                                                {"auth_time", 2, errc::auth_time_mismatch},
                                                {"nonce", "n-2", errc::nonce_mismatch}};

} // namespace

BOOST_AUTO_TEST_SUITE(machine_renewal_identity)

BOOST_AUTO_TEST_CASE(one_that_agrees_takes_the_place_of_the_earlier)
{
    auto const earlier = signed_token(claims_with("auth_time", 1));
    for (auto const& claims : {claims_with("auth_time", 1), good_claims(), claims_with("nonce", nullptr), claims_with("exp", 1'999'999'999)})
    {
        auto const newer = signed_token(claims);
        auto const before = with_identity(earlier);
        renewing().load(before).lock().load(before).probe().ask(sends_r1, brings(newer)).save(keeps(newer)).unlock().ends(gives_new).fails_at_every_step(
            [](result<renewed> outcome, failure const& why) {
                if (outcome.has_error()) BOOST_TEST(outcome.error().hint == why.hint);
                else BOOST_TEST(outcome->not_saved.has_value());
            });
    }
}

BOOST_AUTO_TEST_CASE(of_one_that_contradicts_nothing_is_kept_or_handed_out)
{
    auto const before = with_identity(signed_token(claims_with("auth_time", 1)));
    for (auto const& [claim, value, why] : contradictions)
        BOOST_TEST_CONTEXT(claim)
        {
            auto const other = signed_token(claims_with(claim, value));
            for (auto const when : {renew_when::needed, renew_when::always})
                renewing(when).load(before).lock().load(before).probe().ask(sends_r1, brings(other)).unlock().ends(refuses(why)).tells({happening::renewal_failed});
        }
    // Whoever signed it.
    auto const foreign = std::string(sign_jwt(claims_with("sub", "blake"), private_key::generate(jws_algorithm::es256).value(), jws_algorithm::es256).value().reveal());
    renewing().load(before).lock().load(before).probe().ask(sends_r1, brings(foreign)).unlock().ends(refuses(errc::subject_mismatch));
}

// The user must know, though a token still lives.
BOOST_AUTO_TEST_CASE(a_contradiction_is_no_outage)
{
    auto const before = with_identity(signed_token(good_claims()), 10s);
    renewing().load(before).lock(false).load(before).probe().ask(sends_r1, brings(signed_token(claims_with("sub", "blake")))).unlock().ends(refuses(errc::subject_mismatch));
}

// The refresh token may have been changed: it must not be lost because an ID token is of no use.
BOOST_AUTO_TEST_CASE(one_that_can_not_be_read_breaks_nothing_and_the_earlier_stays)
{
    auto const earlier = signed_token(good_claims());
    auto const before = with_identity(earlier);
    auto no_subject = good_claims();
    no_subject.erase("sub");
    for (std::string const& other : {unsigned_token(good_claims()), unsigned_token(claims_with("sub", "blake")), std::string("x"), std::string("a.b.c"), std::string("a.b.c.d.e"),
                                     signed_token(no_subject), signed_token(claims_with("sub", 7)), unsigned_token(good_claims(), "ES256K"), std::string(70'000, 'x')})
        BOOST_TEST_CONTEXT(other.substr(0, 60))
        {
            renewing().load(before).lock().load(before).probe().ask(sends_r1, brings(other)).save(keeps(earlier)).unlock().ends([&](result<renewed> outcome) {
                BOOST_TEST_REQUIRE(outcome.has_value());
                // What the server said is told as it was said.
                BOOST_TEST(outcome->answer->id_token.reveal() == other);
            });
            // Nor where it can't be saved.
            auto script = renewing();
            script.load(before).lock().load(before).probe().ask(sends_r1, brings(other)).save(keeps(earlier)).fails({errc::store_not_writable, advice::fix_configuration});
            script.hold(held_as::successor, keeps(earlier)).unlock().ends([](result<renewed> outcome) { BOOST_TEST(outcome->not_saved.has_value()); });
        }
}

BOOST_AUTO_TEST_CASE(where_there_is_nothing_to_compare_the_newer_is_kept)
{
    auto const newer = signed_token(claims_with("sub", "blake"));
    for (std::string const& earlier : {std::string(), std::string("x"), unsigned_token(good_claims())})
    {
        auto const before = with_identity(earlier);
        renewing().load(before).lock().load(before).probe().ask(sends_r1, brings(newer)).save(keeps(newer, false)).unlock().ends(gives_new);
    }
    // What can't be read is kept where there was nothing: it is the newest.
    auto const nobody = with_identity("");
    renewing().load(nobody).lock().load(nobody).probe().ask(sends_r1, brings("x")).save(keeps("x", false)).unlock().ends(gives_new);
    // The answer has none.
    auto const before = with_identity(newer);
    renewing().load(before).lock().load(before).probe().ask(sends_r1, token_answer("a2", "r2")).save(keeps(newer)).unlock().ends(gives_new);
}

// The session that counts is the one that was read under the lock, and after a refusal the one that is there then.
BOOST_AUTO_TEST_CASE(it_is_compared_with_what_another_has_kept_meanwhile)
{
    auto const alex = with_identity(signed_token(good_claims())), blake = with_identity(signed_token(claims_with("sub", "blake")));
    auto const of_blake = signed_token(claims_with("sub", "blake"));
    renewing().load(alex).lock().load(blake).probe().ask(sends_r1, brings(of_blake)).save(keeps(of_blake)).unlock().ends(gives_new);
    renewing().load(blake).lock().load(alex).probe().ask(sends_r1, brings(of_blake)).unlock().ends(refuses(errc::subject_mismatch));
    auto changed = alex;
    changed.refresh_token = secret("r9");
    auto sends_r9 = sends_r1;
    sends_r9["refresh_token"] = "r9";
    renewing().load(blake).lock().load(blake).probe().ask(sends_r1, refusal("invalid_grant")).load(changed).ask(sends_r9, brings(of_blake)).unlock().ends(refuses(errc::subject_mismatch));
}

BOOST_AUTO_TEST_SUITE_END()
