#include <oauth/core/session_json.hpp>
#include <boost/test/unit_test.hpp>
#include <cstddef>
#include <limits>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace {

using namespace std::string_literals;

oauth::time_point at(std::int64_t count) { return oauth::time_point(oauth::seconds(count)); }

void check_equal(oauth::issued_token const& a, oauth::issued_token const& b)
{
    BOOST_TEST((a.value == b.value));
    BOOST_TEST(a.token_type == b.token_type);
    BOOST_TEST((a.received_at == b.received_at));
    BOOST_TEST((a.expires_at == b.expires_at));
    BOOST_TEST((a.refresh_at == b.refresh_at));
    BOOST_TEST((a.extended_until == b.extended_until));
    BOOST_TEST(a.granted.str() == b.granted.str());
    BOOST_TEST(a.requested.str() == b.requested.str());
    BOOST_TEST(a.resource == b.resource);
    BOOST_TEST(a.claims == b.claims);
    BOOST_TEST(a.of_client == b.of_client);
    BOOST_TEST(a.narrowed == b.narrowed);
    BOOST_TEST((a.claims_fingerprint == b.claims_fingerprint));
    BOOST_TEST(a.parameters_fingerprint == b.parameters_fingerprint);
}

void check_equal(oauth::session const& a, oauth::session const& b)
{
    BOOST_TEST((a.refresh_token == b.refresh_token));
    BOOST_TEST((a.refresh_token_expires_at == b.refresh_token_expires_at));
    BOOST_TEST((a.id_token == b.id_token));
    BOOST_TEST(a.id_token_trusted == b.id_token_trusted);
    BOOST_TEST(a.granted.str() == b.granted.str());
    BOOST_TEST(a.ended == b.ended);
    BOOST_TEST_REQUIRE(a.access_tokens.size() == b.access_tokens.size());
    for (std::size_t i = 0; i < a.access_tokens.size(); ++i) check_equal(*a.access_tokens[i], *b.access_tokens[i]);
}

void check_round_trip(oauth::session const& value)
{
    auto const text = oauth::to_json(value);
    for (char c : text.reveal())
        if (c < 0x20 || c > 0x7e) BOOST_TEST_REQUIRE(false, "not plain ASCII");
    auto const back = oauth::session_from_json(text.reveal());
    BOOST_TEST_REQUIRE(back.has_value());
    check_equal(value, *back);
    BOOST_TEST((oauth::to_json(*back) == text));
}

oauth::session sample(std::string const& text = "canary-7b1f")
{
    oauth::issued_token token;
    token.value = oauth::secret("access-" + text);
    token.token_type = "Bearer";
    token.received_at = at(1700000000);
    token.expires_at = at(1700003600);
    token.refresh_at = at(1700001800);
    token.extended_until = at(1700007200);
    token.granted = "User.Read Bookings.ReadWrite.All";
    token.requested = "Bookings.ReadWrite.All";
    token.resource = "https://graph.microsoft.com";
    token.claims = "c";
    token.claims_fingerprint = "f";
    oauth::session out;
    out.refresh_token = oauth::secret("refresh-" + text);
    out.refresh_token_expires_at = at(1701209600);
    out.id_token = oauth::secret("id-" + text);
    out.access_tokens.emplace_back(std::move(token));
    return out;
}

std::string sample_text() { return std::string(oauth::to_json(sample()).reveal()); }

// Every failure is searched for what it must not hold.
void check_unreadable(std::string_view text, oauth::errc expected = oauth::errc::store_unreadable)
{
    BOOST_TEST_CONTEXT("text: " << oauth::escaped(text, 200))
    {
        auto const read = oauth::session_from_json(text);
        BOOST_TEST_REQUIRE(!read.has_value());
        BOOST_TEST((read.error().code == expected), "it is: " << read.error().code.message());
        auto const advised = expected == oauth::errc::store_unreadable ? oauth::advice::sign_in_again : oauth::advice::fix_configuration;
        BOOST_TEST((read.error().next == advised));
        BOOST_TEST(!read.error().hint.empty());
        BOOST_TEST(oauth::describe(read.error()).find("canary") == std::string::npos);
    }
}

std::string replaced(std::string text, std::string_view what, std::string_view with)
{
    auto const found = text.find(what);
    BOOST_TEST_REQUIRE(found != std::string::npos, "the sample lacks " << what);
    return text.replace(found, what.size(), with);
}

} // namespace

BOOST_AUTO_TEST_SUITE(core_session_json)

BOOST_AUTO_TEST_CASE(the_format_is_the_one_that_is_promised)
{
    BOOST_TEST(oauth::to_json(oauth::session{}).reveal() == R"({"version":1,"refresh_token":"","id_token":"","access_tokens":[]})");
    BOOST_TEST(oauth::to_json(sample("t")).reveal()
               == R"({"version":1,"refresh_token":"refresh-t","refresh_token_expires_at":1701209600,"id_token":"id-t","access_tokens":[)"
                  R"({"value":"access-t","token_type":"Bearer","received_at":1700000000,"expires_at":1700003600,"refresh_at":1700001800,)"
                  R"("extended_until":1700007200,"granted":"User.Read Bookings.ReadWrite.All","requested":"Bookings.ReadWrite.All",)"
                  R"("resource":"https://graph.microsoft.com","claims":"c","claims_fingerprint":"f"}]})");
}

BOOST_AUTO_TEST_CASE(what_there_is_to_say_only_at_times)
{
    auto value = sample("t");
    value.granted = "a b";
    value.ended = "the password was changed";
    value.id_token_trusted = true;
    auto token = *value.access_tokens[0];
    token.of_client = true;
    token.narrowed = true;
    token.parameters_fingerprint = "p";
    value.access_tokens = {oauth::access_token(token)};
    check_round_trip(value);
    auto const text = std::string(oauth::to_json(value).reveal());
    BOOST_TEST(text.find(R"("id_token":"id-t","id_token_trusted":true,"granted":"a b","ended":"the password was changed","access_tokens":[)") != text.npos);
    BOOST_TEST(text.ends_with(R"("claims":"c","of_client":true,"narrowed":true,"claims_fingerprint":"f","parameters_fingerprint":"p"}]})"));
    for (auto const& [what, with] : std::vector<std::pair<std::string, std::string>>{{R"("granted":"a b")", R"("granted":1)"}, {R"("ended":"the password was changed")", R"("ended":null)"},
                                                                                     {R"("of_client":true)", R"("of_client":1)"}, {R"("narrowed":true)", R"("narrowed":"true")"},
                                                                                     {R"("parameters_fingerprint":"p")", R"("parameters_fingerprint":1)"}})
        check_unreadable(replaced(text, what, with));
    BOOST_TEST(oauth::session_from_json(replaced(text, R"("narrowed":true)", R"("narrowed":false)")).has_value());
}

// What was written by version 1 must be read for ever.
BOOST_AUTO_TEST_CASE(a_text_of_version_1_is_read)
{
    auto const read = oauth::session_from_json(
        " {\"version\": 1, \"id_token\":\"\", \"refresh_token\":\"a\\u0041\\/\\\"\\u00e9\", \"from_the_future\":[{\"a\":null}],\r\n\t\"access_tokens\":[{\"value\":"
        "{\"base64url\":\"AP8\"},\"token_type\":\"bearer\",\"received_at\":-1,\"expires_at\":2,\"granted\":\"a b\",\"requested\":\"a\",\"resource\":\"\",\"claims\":\"\","
        "\"more\":1e3}]} ");
    BOOST_TEST_REQUIRE(read.has_value());
    BOOST_TEST(read->refresh_token.reveal() == "aA/\"\xc3\xa9");
    BOOST_TEST(!read->refresh_token_expires_at.has_value());
    BOOST_TEST_REQUIRE(read->access_tokens.size() == 1u);
    auto const& token = *read->access_tokens[0];
    BOOST_TEST(token.value.reveal() == "\0\xff"s);
    BOOST_TEST((token.received_at == at(-1)));
    BOOST_TEST(!token.refresh_at.has_value());
    BOOST_TEST(!token.extended_until.has_value());
    BOOST_TEST(!token.claims_fingerprint.has_value());
    BOOST_TEST(token.granted.str() == "a b");
}

BOOST_AUTO_TEST_CASE(round_trip_of_odd_texts)
{
    std::vector<std::string> const texts = {"", " ", "a", "\"", "\\", "\\\"", "\\u0041", "{}", "\n\r\t", "\0"s, "a\0b"s, "\x7f", "\x1f", "\xc3\xa9", "\xe2\x82\xac",
        "\xf0\x9f\x98\x80", "\xff", "\xc0\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xe2\x82", "</script>", std::string(1000, '\\'), std::string(47, '\xff'),
        std::string(48, '\xff'), std::string(49, '\xff'), std::string(100000, 'x'), R"({"access_token":{"xms_cc":{"values":["cp1"]}}})"};
    for (auto const& text : texts)
    {
        BOOST_TEST_CONTEXT("text: " << oauth::escaped(text, 100))
        {
            oauth::issued_token token;
            token.value = oauth::secret(text);
            token.token_type = text;
            token.resource = text;
            token.claims = text;
            if (text.size() <= 64 * 1024) token.granted = text;
            if (text.size() <= 64 * 1024) token.requested = "a " + text;
            oauth::session value;
            value.refresh_token = oauth::secret(text);
            value.id_token = oauth::secret(text);
            value.access_tokens.emplace_back(token);
            check_round_trip(value);
        }
    }
}

BOOST_AUTO_TEST_CASE(round_trip_of_every_byte_at_every_offset_of_a_base64_group)
{
    for (int byte = 0; byte < 256; ++byte)
        for (std::size_t offset = 0; offset < 3; ++offset)
        {
            oauth::session value;
            value.refresh_token = oauth::secret(std::string(offset, '"') + static_cast<char>(byte));
            auto const back = oauth::session_from_json(oauth::to_json(value).reveal());
            BOOST_TEST_REQUIRE(back.has_value());
            BOOST_TEST_REQUIRE((back->refresh_token == value.refresh_token));
        }
}

BOOST_AUTO_TEST_CASE(round_trip_of_moments)
{
    for (auto count : {std::numeric_limits<std::int64_t>::min(), std::int64_t{-1}, std::int64_t{0}, std::int64_t{1}, std::int64_t{4294967296}, std::numeric_limits<std::int64_t>::max()})
        for (bool with_optional : {false, true})
        {
            oauth::issued_token token;
            token.received_at = at(count);
            token.expires_at = at(count);
            if (with_optional) token.refresh_at = token.extended_until = at(count);
            oauth::session value;
            if (with_optional) value.refresh_token_expires_at = at(count);
            value.access_tokens.emplace_back(token);
            check_round_trip(value);
        }
}

BOOST_AUTO_TEST_CASE(round_trip_of_random_sessions)
{
    std::mt19937 random(20240501);
    auto const below = [&random](unsigned limit) { return std::uniform_int_distribution<unsigned>(0, limit - 1)(random); };
    auto const text = [&below] {
        std::string out;
        bool const odd = below(2) != 0;
        for (auto left = below(90); left > 0; --left) out += static_cast<char>(odd ? below(256) : 0x20 + below(95));
        return out;
    };
    auto const moment = [&random] { return at(std::uniform_int_distribution<std::int64_t>()(random)); };
    for (int round = 0; round < 500; ++round)
    {
        oauth::session value;
        value.refresh_token = oauth::secret(text());
        value.id_token = oauth::secret(text());
        if (below(2)) value.refresh_token_expires_at = moment();
        if (below(2)) value.granted = text();
        if (below(2)) value.ended = text();
        for (auto left = below(5); left > 0; --left)
        {
            oauth::issued_token token{oauth::secret(text()), text(), moment(), moment(), {}, {}, text(), text(), text(), text()};
            if (below(2)) token.refresh_at = moment();
            if (below(2)) token.extended_until = moment();
            token.of_client = below(2) != 0;
            token.narrowed = below(2) != 0;
            value.access_tokens.emplace_back(token);
        }
        check_round_trip(value);
    }
}

BOOST_AUTO_TEST_CASE(an_empty_handle_is_skipped)
{
    oauth::session value = sample();
    value.access_tokens.insert(value.access_tokens.begin(), oauth::access_token());
    auto const back = oauth::session_from_json(oauth::to_json(value).reveal());
    BOOST_TEST_REQUIRE(back.has_value());
    BOOST_TEST(back->access_tokens.size() == 1u);
}

BOOST_AUTO_TEST_CASE(what_is_not_a_session_is_refused)
{
    for (auto const* text : {"", " ", "null", "1", "\"canary\"", "[]", "{}", "{", "}", "[{}]", "{\"version\":1}", "{\"version\":1,\"refresh_token\":\"\",\"id_token\":\"\"}",
             "{\"version\":1,\"refresh_token\":\"\",\"id_token\":\"\",\"access_tokens\":{}}", "{\"version\":1,\"refresh_token\":\"\",\"id_token\":\"\",\"access_tokens\":null}",
             "{\"version\":1,\"refresh_token\":\"\",\"id_token\":\"\",\"access_tokens\":[null]}", "{\"version\":1,\"refresh_token\":\"\",\"id_token\":\"\",\"access_tokens\":[[]]}",
             "{\"version\":1,\"refresh_token\":\"\",\"id_token\":\"\",\"access_tokens\":[{}]}", "<html>canary</html>", "\xef\xbb\xbf{}"})
        check_unreadable(text);
    check_unreadable(std::string(4096, '\0'));
    check_unreadable(sample_text() + "x");
    check_unreadable(sample_text() + sample_text());
    check_unreadable(replaced(sample_text(), "canary", "canary\xff"));
    check_unreadable(replaced(sample_text(), "canary", "canary\n"));
}

BOOST_AUTO_TEST_CASE(a_text_that_was_cut_anywhere_is_refused)
{
    auto const whole = sample_text();
    for (std::size_t size = 0; size < whole.size(); ++size) check_unreadable(whole.substr(0, size));
}

BOOST_AUTO_TEST_CASE(every_member_must_be_there_with_its_own_type)
{
    struct member
    {
        char const* name;
        char const* value;
        bool text;
        bool optional;
    };
    member const members[] = {
        {"refresh_token", "\"refresh-canary-7b1f\"", true, false},
        {"refresh_token_expires_at", "1701209600", false, true},
        {"id_token", "\"id-canary-7b1f\"", true, false},
        {"value", "\"access-canary-7b1f\"", true, false},
        {"token_type", "\"Bearer\"", true, false},
        {"received_at", "1700000000", false, false},
        {"expires_at", "1700003600", false, false},
        {"refresh_at", "1700001800", false, true},
        {"extended_until", "1700007200", false, true},
        {"granted", "\"User.Read Bookings.ReadWrite.All\"", true, false},
        {"requested", "\"Bookings.ReadWrite.All\"", true, false},
        {"resource", "\"https://graph.microsoft.com\"", true, false},
        {"claims", "\"c\"", true, false},
        {"claims_fingerprint", "\"f\"", true, true},
    };
    for (auto const& [name, value, text, optional] : members)
    {
        auto const quoted = '"' + std::string(name) + "\":";
        auto const whole = quoted + value;
        auto const with = [&](std::string const& other) { return replaced(sample_text(), whole, quoted + other); };
        BOOST_TEST_CONTEXT("member: " << name)
        {
            auto const missing = replaced(sample_text(), whole, "\"x\":1");
            if (optional) BOOST_TEST(oauth::session_from_json(missing).has_value());
            else check_unreadable(missing);
            for (auto const* bad : {"null", "true", "[]", "{}", "1.0", "1e3", "18446744073709551615", "9223372036854775808", "{\"base64url\":1}", "{\"base64url\":\"!\"}",
                     "{\"base64url\":\"YQ==\"}", "{\"base64url\":\"YR\"}", "{\"base64url\":\"YQ\",\"x\":1}", "{\"x\":\"YQ\"}"})
                check_unreadable(with(bad));
            check_unreadable(with(text ? "1" : "\"1\""));
            if (!text) check_unreadable(with("{\"base64url\":\"MQ\"}"));
        }
    }
}

BOOST_AUTO_TEST_CASE(versions)
{
    auto const with = [](std::string_view version) { return replaced(sample_text(), "\"version\":1", version); };
    BOOST_TEST(oauth::session_from_json(with("\"version\":1")).has_value());
    for (auto const* newer : {"\"version\":2", "\"version\":9223372036854775807", "\"version\":18446744073709551615",
             "\"version\":18446744073709551616", "\"version\":99999999999999999999", "\"version\":1e300", "\"version\":1.5"})
        check_unreadable(with(newer), oauth::errc::store_from_newer_version);
    check_unreadable("{\"version\":2,\"all\":[\"else\",\"differs\"]}", oauth::errc::store_from_newer_version);
    for (auto const* bad : {"\"version\":0", "\"version\":-1", "\"version\":\"1\"", "\"version\":1.0", "\"version\":0.5", "\"version\":-99999999999999999999", "\"version\":-1e300", "\"version\":null", "\"version\":true", "\"version\":[1]", "\"Version\":1"})
        check_unreadable(with(bad));
}

BOOST_AUTO_TEST_CASE(limits)
{
    auto const nested = [](std::size_t levels) {
        return replaced(sample_text(), "{\"version\"", "{\"x\":" + std::string(levels, '[') + std::string(levels, ']') + ",\"version\"");
    };
    BOOST_TEST(oauth::session_from_json(nested(15)).has_value());
    check_unreadable(nested(16));
    check_unreadable(nested(400000));
    check_unreadable(std::string(500000, '['));

    auto const padded = [](std::size_t size) {
        auto text = sample_text();
        return text.append(size - text.size(), ' ');
    };
    BOOST_TEST(oauth::session_from_json(padded(1 << 20)).has_value());
    check_unreadable(padded((1 << 20) + 1));

    auto const granted = [](std::string const& scope) { return replaced(sample_text(), "User.Read Bookings.ReadWrite.All", scope); };
    std::string tokens = "0";
    for (int i = 1; i < 1024; ++i) tokens += ' ' + std::to_string(i);
    BOOST_TEST(oauth::session_from_json(granted(tokens)).has_value());
    check_unreadable(granted(tokens + " 1024"));
    BOOST_TEST(oauth::session_from_json(granted(std::string(64 * 1024, 'x'))).has_value());
    check_unreadable(granted(std::string(64 * 1024 + 1, 'x')));
}

BOOST_AUTO_TEST_SUITE_END()
