#include <oauth/response/profile_info.hpp>
#include <oauth/response/decode_token_response.hpp>
#include <boost/test/unit_test.hpp>
#include "../../support/fixture.hpp"
#include <string>
#include <string_view>

namespace {

void check_refused(std::string_view text)
{
    auto const info = oauth::decode_profile_info(text);
    BOOST_TEST_REQUIRE(info.has_error(), text.substr(0, 80));
    BOOST_TEST(info.error().code == oauth::error_code(oauth::errc::malformed_claims));
    BOOST_TEST((info.error().next == oauth::advice::give_up));
    BOOST_TEST(!info.error().hint.empty());
}

std::string encoded(std::string_view json) { return oauth::base64url_encode(json); }

} // namespace

BOOST_AUTO_TEST_SUITE(response_profile_info)

BOOST_AUTO_TEST_CASE(what_microsoft_sends)
{
    auto const expected = test_support::json_fixture("microsoft/decoded_profile_info.json");
    for (char const* name : {"b2c_authcode_success_numbers", "b2c_id_token_only", "v2_preview_profile_info_success"})
    {
        auto const body = test_support::json_fixture("microsoft/" + std::string(name) + ".json");
        auto const info = oauth::decode_profile_info(test_support::text_at(body, "profile_info")).value();
        BOOST_TEST((info.version == test_support::text_at(expected, "ver")));
        BOOST_TEST((info.tenant_id == test_support::text_at(expected, "tid")));
        BOOST_TEST((info.subject == std::nullopt));
        BOOST_TEST((info.name == test_support::text_at(expected, "name")));
        BOOST_TEST((info.preferred_username == std::nullopt));
        BOOST_TEST((info.identity_provider == test_support::text_at(expected, "idp")));
        BOOST_TEST(info.extra.empty());
    }
}

BOOST_AUTO_TEST_CASE(all_members_and_others)
{
    auto const info = oauth::decode_profile_info(encoded(R"({"ver":"1.0","tid":"t","sub":"s","name":"J\u00fcrgen","preferred_username":"p","idp":"i","emails":["a@b"],"age":7})")).value();
    BOOST_TEST((info.version == "1.0"));
    BOOST_TEST((info.tenant_id == "t"));
    BOOST_TEST((info.subject == "s"));
    BOOST_TEST((info.name == "J\xc3\xbcrgen"));
    BOOST_TEST((info.preferred_username == "p"));
    BOOST_TEST((info.identity_provider == "i"));
    BOOST_TEST(info.extra.size() == 2u);
    BOOST_TEST(info.extra.at("emails").is_array());
    BOOST_TEST(info.extra.at("age").as_int64() == 7);
}

BOOST_AUTO_TEST_CASE(a_member_of_another_type_is_an_extra)
{
    auto const info = oauth::decode_profile_info(encoded(R"({"ver":1,"tid":["t"],"sub":{},"name":true,"preferred_username":null,"idp":""})")).value();
    BOOST_TEST(!info.version);
    BOOST_TEST(!info.tenant_id);
    BOOST_TEST(!info.subject);
    BOOST_TEST(!info.name);
    BOOST_TEST(!info.preferred_username);
    BOOST_TEST((info.identity_provider == ""));
    BOOST_TEST(info.extra.size() == 4u);
    BOOST_TEST(!info.extra.contains("preferred_username"));
}

BOOST_AUTO_TEST_CASE(padding_is_let_pass)
{
    for (char const* json : {"{}", "{ }", "{  }"})
    {
        auto text = encoded(json);
        text.append((4 - text.size() % 4) % 4, '=');
        BOOST_TEST(oauth::decode_profile_info(text).has_value(), text);
    }
}

BOOST_AUTO_TEST_CASE(refuses)
{
    for (std::string const& text : {std::string(), std::string("="), std::string("!"), std::string("A"), std::string("e30+"), std::string("e3 0"), std::string("e30\n"),
                                    std::string("{}"), encoded("[]"), encoded("\"x\""), encoded("null"), encoded("{"), encoded("{}{}"), encoded("{\"a\":\"\xff\"}"),
                                    std::string(64 * 1024 + 1, 'A'), encoded(std::string(100, '[') + std::string(100, ']')), encoded("{\"a\":" + std::string(100, '[') + std::string(100, ']') + "}")})
        check_refused(text);
}

BOOST_AUTO_TEST_CASE(cut_anywhere_it_is_refused)
{
    auto const whole = encoded(R"({"ver":"1.0","tid":"t","name":"Alex Example","idp":null})");
    BOOST_TEST(oauth::decode_profile_info(whole).has_value());
    for (std::size_t size = 0; size < whole.size(); ++size) check_refused(std::string_view(whole).substr(0, size));
}

BOOST_AUTO_TEST_SUITE_END()
