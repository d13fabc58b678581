#include <oauth/response/client_info.hpp>
#include <boost/test/unit_test.hpp>
#include "../../support/fixture.hpp"
#include <string>
#include <string_view>

BOOST_AUTO_TEST_SUITE(response_client_info)

BOOST_AUTO_TEST_CASE(what_microsoft_sends)
{
    auto const expected = test_support::json_fixture("microsoft/decoded_client_info.json");
    for (char const* name : {"v2_authcode_success", "v2_refresh_cae_long_lived", "v2_pop_success"})
    {
        auto const body = test_support::json_fixture("microsoft/" + std::string(name) + ".json");
        auto const info = oauth::decode_client_info(test_support::text_at(body, "client_info")).value();
        BOOST_TEST((info.user_id == test_support::text_at(expected, "uid")));
        BOOST_TEST((info.tenant_id == test_support::text_at(expected, "utid")));
        BOOST_TEST(info.extra.empty());
    }
}

BOOST_AUTO_TEST_CASE(other_shapes)
{
    auto const b2c = oauth::decode_client_info(oauth::base64url_encode(R"({"uid":"33333333-b2c_1_signupsignin1","utid":"t"})")).value();
    BOOST_TEST((b2c.user_id == "33333333-b2c_1_signupsignin1"));
    auto const service = oauth::decode_client_info(oauth::base64url_encode(R"({"authz":["v1","v2"]})")).value();
    BOOST_TEST(!service.user_id);
    BOOST_TEST(!service.tenant_id);
    BOOST_TEST(service.extra.at("authz").as_array().size() == 2u);
    auto const nulls = oauth::decode_client_info(oauth::base64url_encode(R"({"uid":null,"utid":5})")).value();
    BOOST_TEST(!nulls.user_id);
    BOOST_TEST(!nulls.tenant_id);
    BOOST_TEST(nulls.extra.size() == 1u);
}

BOOST_AUTO_TEST_CASE(an_empty_text_is_an_empty_value)
{
    auto const info = oauth::decode_client_info("").value();
    BOOST_TEST(!info.user_id);
    BOOST_TEST(!info.tenant_id);
    BOOST_TEST(info.extra.empty());
}

BOOST_AUTO_TEST_CASE(refuses)
{
    for (std::string_view text : {"!", "e30*", "e3", "W10", "=", "bnVsbA", "{}"})
    {
        auto const info = oauth::decode_client_info(text);
        BOOST_TEST_REQUIRE(info.has_error(), text);
        BOOST_TEST(info.error().code == oauth::error_code(oauth::errc::malformed_claims), text);
    }
}

BOOST_AUTO_TEST_SUITE_END()
