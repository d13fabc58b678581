#include <oauth/response/introspection_response.hpp>
#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>
#include "../../support/printing.hpp"
#include "../../support/sessions.hpp"
#include <string>
#include <vector>

namespace {

using namespace oauth;
using test::answer;
using list = std::vector<std::string>;

result<introspection_response> read(std::string body, int status = 200) { return decode_introspection_response(answer(status, std::move(body))); }

/// Does it say anything beside `active`?
bool says_nothing(introspection_response const& of)
{
    return of.scope.empty() && of.client_id.empty() && of.username.empty() && of.token_type.empty() && !of.expires_at && !of.issued_at && !of.not_before && of.subject.empty()
        && of.audience.empty() && of.issuer.empty() && of.id.empty() && !of.bound_to && of.extra.empty();
}

} // namespace

BOOST_AUTO_TEST_SUITE(response_introspection_response)

BOOST_AUTO_TEST_CASE(the_example_of_rfc_7662)
{
    auto const made = read(R"({
      "active": true,
      "client_id": "l238j323ds-23ij4",
      "username": "jdoe",
      "scope": "read write dolphin",
      "sub": "Z5O3upPC88QrAjx00dis",
      "aud": "https://protected.example.net/resource",
      "iss": "https://server.example.com/",
      "exp": 1419356238,
      "iat": 1419350238,
      "extension_field": "twenty-seven"
     })").value();
    BOOST_TEST(made.active);
    BOOST_TEST(made.client_id == "l238j323ds-23ij4");
    BOOST_TEST(made.username == "jdoe");
    BOOST_TEST(made.scope.str() == "read write dolphin");
    BOOST_TEST(made.subject == "Z5O3upPC88QrAjx00dis");
    BOOST_TEST((made.audience == list{"https://protected.example.net/resource"}));
    BOOST_TEST(made.issuer == "https://server.example.com/");
    BOOST_TEST((made.expires_at == time_point(seconds(1419356238))));
    BOOST_TEST((made.issued_at == time_point(seconds(1419350238))));
    BOOST_TEST(!made.not_before.has_value());
    BOOST_TEST(made.token_type == "");
    BOOST_TEST(made.id == "");
    BOOST_TEST(!made.bound_to.has_value());
    BOOST_TEST(made.extra.size() == 1U);
    BOOST_TEST((made.extra.at("extension_field") == "twenty-seven"));
}

BOOST_AUTO_TEST_CASE(the_rest_of_the_members)
{
    auto const made = read(R"({"active":true,"token_type":"DPoP","nbf":"1419350238","jti":"42","aud":["a","b"],
                               "cnf":{"jkt":"0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I","x5t#S256":"bwcK0esc3ACC3DB2Y5_lESsXE8o9ltc05O89jdN-dg2","kid":"k"}})")
                          .value();
    BOOST_TEST(made.token_type == "DPoP");
    BOOST_TEST((made.not_before == time_point(seconds(1419350238))));
    BOOST_TEST(made.id == "42");
    BOOST_TEST((made.audience == list{"a", "b"}));
    BOOST_TEST_REQUIRE(made.bound_to.has_value());
    BOOST_TEST(made.bound_to->jkt == "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I");
    BOOST_TEST(made.bound_to->x5t_s256 == "bwcK0esc3ACC3DB2Y5_lESsXE8o9ltc05O89jdN-dg2");
    BOOST_TEST(made.bound_to->extra.size() == 1U);
    BOOST_TEST(made.extra.empty());
    // A key that is named in a way that nobody here knows is a key all the same.
    BOOST_TEST(read(R"({"active":true,"cnf":{}})").value().bound_to.has_value());
    BOOST_TEST(says_nothing(read(R"({"active":true})").value()));
}

BOOST_AUTO_TEST_CASE(what_is_not_active_says_nothing_else)
{
    for (auto const* body : {R"({"active":false})", R"({"active":false,"sub":"x","scope":"a","exp":1,"cnf":{"jkt":"j"},"more":{"x":1}})", R"({"sub":1,"aud":7,"active":false})"})
    {
        auto const made = read(body).value();
        BOOST_TEST(!made.active);
        BOOST_TEST(says_nothing(made), body);
    }
}

BOOST_AUTO_TEST_CASE(active_must_be_a_truth_value)
{
    for (auto const* body : {R"({"active":"true"})", R"({"active":1})", R"({"active":[true]})", R"({"active":{}})"})
    {
        auto const why = read(body).error();
        BOOST_TEST(why.code == errc::response_wrong_type, body);
        BOOST_TEST(why.hint == "active");
        BOOST_TEST(why.next == advice::give_up);
        BOOST_TEST(why.http_status == 200);
    }
    for (auto const* body : {"{}", R"({"active":null})", R"({"Active":true})", R"({"sub":"x"})"}) BOOST_TEST(read(body).error().code == errc::response_missing_member, body);
    BOOST_TEST(read(R"({"active":true,"active":false})").error().code == errc::response_duplicate_member);
    BOOST_TEST(read(R"({"active":false,"\u0061ctive":true})").error().code == errc::response_duplicate_member);
}

// A limit that can't be read is not none.
BOOST_AUTO_TEST_CASE(a_member_of_another_type_is_a_failure)
{
    for (std::string const member : {R"("scope":["a"])", R"("client_id":1)", R"("username":{})", R"("token_type":true)", R"("exp":"soon")", R"("exp":true)", R"("iat":[])", R"("nbf":{})",
                                     R"("sub":7)", R"("aud":7)", R"("aud":["a",7])", R"("iss":[])", R"("jti":1)", R"("cnf":"x")"})
    {
        auto const why = read(R"({"active":true,)" + member + '}').error();
        BOOST_TEST(why.code == errc::response_wrong_type, member);
        BOOST_TEST(why.hint == member.substr(1, member.find('"', 1) - 1));
    }
    for (auto const* member : {R"("cnf":{"jkt":1})", R"("cnf":{"x5t#S256":[]})"}) BOOST_TEST(read(std::string(R"({"active":true,)") + member + '}').error().code == errc::response_bad_value, member);
}

BOOST_AUTO_TEST_CASE(refusals)
{
    BOOST_TEST(read(R"({"error":"invalid_client","error_description":"no"})", 401).error().code == server_errc::invalid_client);
    BOOST_TEST(read("", 401).error().code == errc::unexpected_status);
    BOOST_TEST(read(R"({"active":true})", 201).error().code == errc::unexpected_status);
    BOOST_TEST(read("<html>", 200).error().code == errc::response_not_json);
    BOOST_TEST(decode_introspection_response(answer(200, R"({"active":true})"), 10).error().code == errc::response_too_large);
}

BOOST_AUTO_TEST_SUITE_END()
