#include <oauth/response/decode_token_response.hpp>
#include <boost/test/unit_test.hpp>
#include "../../support/fixture.hpp"
#include <array>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace std::string_literals;
using oauth::advice;
using oauth::errc;
using oauth::server_errc;
using count = std::optional<std::int64_t>;
using text = std::optional<std::string>;

oauth::http_response answer(std::string body, int status = 200, oauth::http_fields fields = {{"Content-Type", "application/json; charset=utf-8"}})
{
    return {status, std::move(fields), oauth::secret(std::move(body))};
}

auto decode(std::string body, int status = 200) { return oauth::decode_token_response(answer(std::move(body), status)); }

/// A success with `members` beside what it needs.
auto decode_with(std::string const& members) { return decode(R"({"access_token":"A","token_type":"Bearer",)" + members + "}"); }

count in_seconds(std::optional<oauth::seconds> const& value) { return value ? count(value->count()) : std::nullopt; }
count in_seconds(std::optional<oauth::time_point> const& value) { return value ? count(value->time_since_epoch().count()) : std::nullopt; }
std::string shown(count const& value) { return value ? std::to_string(*value) : "none"; }

void check_failed(oauth::result<oauth::token_response> const& decoded, oauth::error_code expected, advice next, std::string_view what)
{
    BOOST_TEST_REQUIRE(decoded.has_error(), what);
    BOOST_TEST(decoded.error().code == expected, what << ": " << decoded.error().code.message());
    BOOST_TEST((decoded.error().next == next), what << ": " << to_string(decoded.error().next));
}

struct number_member
{
    char const* name;
    count (*get)(oauth::token_response const&);
    std::int64_t least, most;
};

constexpr std::int64_t longest = 2'147'483'647, end_of_time = 253'402'300'799;

std::array<number_member, 7> const number_members{{
    {"expires_in", [](oauth::token_response const& t) { return in_seconds(t.expires_in); }, -longest, longest},
    {"ext_expires_in", [](oauth::token_response const& t) { return in_seconds(t.ext_expires_in); }, -longest, longest},
    {"refresh_in", [](oauth::token_response const& t) { return in_seconds(t.refresh_in); }, -longest, longest},
    {"refresh_token_expires_in", [](oauth::token_response const& t) { return in_seconds(t.refresh_token_expires_in); }, -longest, longest},
    {"id_token_expires_in", [](oauth::token_response const& t) { return in_seconds(t.id_token_expires_in); }, -longest, longest},
    {"not_before", [](oauth::token_response const& t) { return in_seconds(t.not_before); }, 0, end_of_time},
    {"expires_on", [](oauth::token_response const& t) { return in_seconds(t.expires_on); }, 0, end_of_time},
}};

struct text_member
{
    char const* name;
    text const& (*get)(oauth::token_response const&);
};

std::array<text_member, 6> const text_members{{
    {"scope", [](oauth::token_response const& t) -> text const& { return t.scope; }},
    {"resource", [](oauth::token_response const& t) -> text const& { return t.resource; }},
    {"profile_info", [](oauth::token_response const& t) -> text const& { return t.profile_info; }},
    {"client_info", [](oauth::token_response const& t) -> text const& { return t.client_info; }},
    {"issued_token_type", [](oauth::token_response const& t) -> text const& { return t.issued_token_type; }},
    {"foci", [](oauth::token_response const& t) -> text const& { return t.foci; }},
}};

struct secret_member
{
    char const* name;
    oauth::secret const& (*get)(oauth::token_response const&);
};

std::array<secret_member, 3> const secret_members{{
    {"access_token", [](oauth::token_response const& t) -> oauth::secret const& { return t.access_token; }},
    {"refresh_token", [](oauth::token_response const& t) -> oauth::secret const& { return t.refresh_token; }},
    {"id_token", [](oauth::token_response const& t) -> oauth::secret const& { return t.id_token; }},
}};

} // namespace

BOOST_AUTO_TEST_SUITE(response_decode_token_response)

static_assert([] {
    for (int i = 0; i < static_cast<int>(oauth::detail::token_member::unknown); ++i)
        if (oauth::detail::to_token_member(oauth::detail::name_of(static_cast<oauth::detail::token_member>(i))) != static_cast<oauth::detail::token_member>(i)) return false;
    return oauth::detail::to_token_member("expires_im") == oauth::detail::token_member::unknown && oauth::detail::to_token_member("") == oauth::detail::token_member::unknown;
}());

// Every success body that a Microsoft server is known to send, every member of it.
BOOST_AUTO_TEST_CASE(successes_of_microsoft)
{
    struct row
    {
        char const* file;
        char const* token_type;
        text scope = {};
        text resource = {};
        count expires_in = {}, ext_expires_in = {}, refresh_in = {}, refresh_token_expires_in = {}, id_token_expires_in = {}, not_before = {}, expires_on = {};
        text issued_token_type = {};
        text foci = {};
        std::set<std::string> long_ones = {};   // compared with the file itself
    };
    constexpr char graph[] = "https://graph.microsoft.com", guid[] = "55555555-aaaa-4bbb-8ccc-666666666666";
    std::vector<row> const rows{
        {.file = "v2_authcode_success", .token_type = "Bearer", .scope = "Bookings.ReadWrite.All User.Read profile openid email", .expires_in = 3599, .ext_expires_in = 3599,
         .long_ones = {"access_token", "refresh_token", "id_token", "client_info"}},
        {.file = "v2_authcode_success_no_offline", .token_type = "Bearer", .scope = "User.Read profile openid email", .expires_in = 4771, .ext_expires_in = 4771,
         .long_ones = {"access_token", "id_token"}},
        {.file = "v2_authcode_doc_encoded_scope", .token_type = "Bearer", .scope = "https%3A%2F%2Fgraph.microsoft.com%2Fmail.read", .expires_in = 3599,
         .long_ones = {"access_token", "refresh_token", "id_token"}},
        {.file = "v2_refresh_cae_long_lived", .token_type = "Bearer", .scope = "User.Read profile openid email", .expires_in = 86399, .ext_expires_in = 86399, .refresh_in = 43199,
         .foci = "1", .long_ones = {"access_token", "refresh_token", "id_token", "client_info"}},
        {.file = "v2_client_credentials_success", .token_type = "Bearer", .expires_in = 86399, .ext_expires_in = 86399, .long_ones = {"access_token"}},
        {.file = "v2_client_credentials_refresh_in", .token_type = "Bearer", .expires_in = 86396, .ext_expires_in = 86396, .refresh_in = 43198, .long_ones = {"access_token"}},
        {.file = "v2_obo_success_ext0", .token_type = "Bearer", .scope = "https://graph.microsoft.com/user.read", .expires_in = 3269, .ext_expires_in = 0,
         .long_ones = {"access_token", "refresh_token"}},
        {.file = "v2_obo_saml_success", .token_type = "Bearer", .resource = "https://api.contoso.example", .expires_in = 3296, .ext_expires_in = 0, .expires_on = 1767326341,
         .issued_token_type = "urn:ietf:params:oauth:token-type:saml2", .long_ones = {"access_token", "refresh_token"}},
        {.file = "v2_pop_success", .token_type = "pop", .scope = "User.Read openid profile", .expires_in = 3599, .ext_expires_in = 3599,
         .long_ones = {"access_token", "refresh_token", "id_token", "client_info"}},
        {.file = "v2_preview_profile_info_success", .token_type = "Bearer", .scope = "https://outlook.office.com/mail.read", .expires_in = 3599, .id_token_expires_in = 3599,
         .long_ones = {"access_token", "refresh_token", "profile_info"}},
        {.file = "v1_authcode_success_strings", .token_type = "Bearer", .scope = "Files.Read User.Read", .resource = graph, .expires_in = 3599, .ext_expires_in = 0,
         .not_before = 1767322745, .expires_on = 1767326644, .long_ones = {"access_token", "refresh_token", "id_token"}},
        {.file = "v1_client_credentials_success_strings", .token_type = "Bearer", .resource = "https://service.contoso.example/", .expires_in = 3599, .ext_expires_in = 3599,
         .not_before = 1767322745, .expires_on = 1767326644, .long_ones = {"access_token"}},
        {.file = "b2c_authcode_success_numbers", .token_type = "Bearer", .scope = "https://contosob2c.onmicrosoft.com/api/read offline_access openid", .resource = guid, .expires_in = 3600,
         .refresh_token_expires_in = 1209600, .id_token_expires_in = 3600, .not_before = 1767323045, .expires_on = 1767326645,
         .long_ones = {"access_token", "refresh_token", "id_token", "profile_info"}},
        {.file = "b2c_authcode_success_strings", .token_type = "Bearer", .scope = "55555555-aaaa-4bbb-8ccc-666666666666 offline_access", .expires_in = 3600, .not_before = 1767323045,
         .long_ones = {"access_token", "refresh_token"}},
        {.file = "b2c_id_token_only", .token_type = "Bearer", .scope = "openid", .id_token_expires_in = 3600, .not_before = 1767323045, .long_ones = {"id_token", "profile_info"}},
        {.file = "b2c_client_credentials_success", .token_type = "Bearer", .resource = guid, .expires_in = 3600, .not_before = 1767323045, .expires_on = 1767326645,
         .long_ones = {"access_token"}},
        {.file = "adfs_success_numbers", .token_type = "bearer", .scope = "openid", .resource = "https://api.contoso.example", .expires_in = 3600, .refresh_token_expires_in = 28799,
         .long_ones = {"access_token", "refresh_token", "id_token"}},
    };
    for (auto const& wanted : rows)
    {
        auto const file = "microsoft/" + std::string(wanted.file) + ".json";
        auto const decoded = decode(test_support::fixture(file));
        BOOST_TEST_REQUIRE(decoded.has_value(), file);
        BOOST_TEST((decoded->token_type == wanted.token_type), file);
        std::array<count, 7> const numbers{wanted.expires_in, wanted.ext_expires_in, wanted.refresh_in, wanted.refresh_token_expires_in, wanted.id_token_expires_in, wanted.not_before,
                                           wanted.expires_on};
        for (std::size_t i = 0; i < numbers.size(); ++i) BOOST_TEST((number_members[i].get(*decoded) == numbers[i]), file << ": " << number_members[i].name);
        BOOST_TEST((decoded->scope == wanted.scope), file);
        BOOST_TEST((decoded->resource == wanted.resource), file);
        BOOST_TEST((decoded->issued_token_type == wanted.issued_token_type), file);
        BOOST_TEST((decoded->foci == wanted.foci), file);

        auto const source = test_support::json_fixture(file);
        auto const in_file = [&](char const* name) { return wanted.long_ones.contains(name) ? text(test_support::text_at(source, name)) : text(); };
        for (auto const& member : secret_members) BOOST_TEST(member.get(*decoded).reveal() == in_file(member.name).value_or(""), file << ": " << member.name);
        BOOST_TEST((decoded->profile_info == in_file("profile_info")), file);
        BOOST_TEST((decoded->client_info == in_file("client_info")), file);
        BOOST_TEST(decoded->extra.empty(), file);
        BOOST_TEST(decoded->unusable.empty(), file);
    }
    // None is left out.
    std::size_t successes = 0;
    for (auto const& entry : std::filesystem::directory_iterator(OAUTH_TEST_FIXTURES "/microsoft"))
    {
        auto const name = entry.path().filename().string();
        bool const platform = name.starts_with("v1_") || name.starts_with("v2_") || name.starts_with("b2c_") || name.starts_with("adfs_");
        successes += platform && name != "v2_devicecode_response.json" && !name.starts_with("err_");
    }
    BOOST_TEST(successes == rows.size());
}

BOOST_AUTO_TEST_CASE(errors_of_microsoft)
{
    struct row
    {
        char const* file;
        int status;
        server_errc code;
        std::vector<std::uint32_t> numbers;
        advice next;
        char const* suberror = "";
    };
    std::vector<row> const rows{
        {"err_b2c_invalid_grant_90080", 400, server_errc::invalid_grant, {90080}, advice::sign_in_again},
        {"err_device_authorization_declined", 400, server_errc::authorization_declined, {70017}, advice::consent},
        {"err_device_authorization_pending", 400, server_errc::authorization_pending, {70016}, advice::retry},
        {"err_device_bad_verification_code", 400, server_errc::bad_verification_code, {70018}, advice::sign_in_again},
        {"err_device_expired_token", 400, server_errc::expired_token, {70020}, advice::sign_in_again},
        {"err_device_slow_down", 400, server_errc::slow_down, {}, advice::retry},
        {"err_interaction_required_50076_basic_action", 400, server_errc::interaction_required, {50076}, advice::sign_in_again, "basic_action"},
        {"err_interaction_required_50079_claims", 400, server_errc::interaction_required, {50079}, advice::sign_in_again},
        {"err_invalid_client_7000215_bad_secret", 401, server_errc::invalid_client, {7000215}, advice::fix_configuration},
        {"err_invalid_client_7000218_missing_credential", 401, server_errc::invalid_client, {7000218}, advice::fix_configuration},
        {"err_invalid_client_7000222_expired_secret", 401, server_errc::invalid_client, {7000222}, advice::fix_configuration},
        {"err_invalid_client_700025_public_with_secret", 401, server_errc::invalid_client, {700025}, advice::fix_configuration},
        {"err_invalid_grant_501481_pkce", 400, server_errc::invalid_grant, {501481}, advice::sign_in_again},
        {"err_invalid_grant_50173_revoked", 400, server_errc::invalid_grant, {50173}, advice::sign_in_again},
        {"err_invalid_grant_54005_code_reused", 400, server_errc::invalid_grant, {54005}, advice::sign_in_again},
        {"err_invalid_grant_65001_consent_required", 400, server_errc::invalid_grant, {65001}, advice::sign_in_again, "consent_required"},   // the provider's rules know better
        {"err_invalid_grant_700082_inactive", 400, server_errc::invalid_grant, {700082}, advice::sign_in_again},
        {"err_invalid_grant_700084_spa_24h", 400, server_errc::invalid_grant, {700084}, advice::sign_in_again},
        {"err_invalid_grant_70008_v1_two_codes", 400, server_errc::invalid_grant, {70002, 70008}, advice::sign_in_again},
        {"err_invalid_grant_bad_token", 400, server_errc::invalid_grant, {9002313}, advice::sign_in_again, "bad_token"},
        {"err_invalid_instance_discovery", 400, server_errc::invalid_instance, {50049}, advice::fix_configuration},
        {"err_invalid_request_900144", 400, server_errc::invalid_request, {900144}, advice::fix_configuration},
        {"err_invalid_request_9002326_cross_origin", 400, server_errc::invalid_request, {9002326}, advice::fix_configuration},
        {"err_invalid_request_9002327_spa_no_origin", 400, server_errc::invalid_request, {9002327}, advice::fix_configuration},
        {"err_invalid_resource_500011", 400, server_errc::invalid_resource, {500011}, advice::fix_configuration},
        {"err_invalid_scope_70011", 400, server_errc::invalid_scope, {70011}, advice::fix_configuration},
        {"err_temporarily_unavailable_90033", 503, server_errc::temporarily_unavailable, {90033}, advice::retry},
        {"err_unauthorized_client_700016", 400, server_errc::unauthorized_client, {700016}, advice::fix_configuration},
    };
    for (auto const& wanted : rows)
    {
        auto const file = "microsoft/" + std::string(wanted.file) + ".json";
        auto const body = test_support::fixture(file);
        auto const source = boost::json::parse(body).as_object();
        auto const in_file = [&source](char const* name) { return source.contains(name) ? test_support::text_at(source, name) : ""; };
        // Whatever the status says, the body counts; even with 200.
        for (int const status : {wanted.status, 400, 200})
        {
            auto const decoded = decode(body, status);
            check_failed(decoded, wanted.code, wanted.next, file);
            auto const& why = decoded.error();
            BOOST_TEST(why.http_status == status);
            BOOST_TEST(why.server.error == in_file("error"), file);
            BOOST_TEST(why.server.error_description == in_file("error_description"), file);
            BOOST_TEST(why.server.error_uri == in_file("error_uri"), file);
            BOOST_TEST(why.server.suberror == wanted.suberror, file);
            BOOST_TEST(why.server.claims == in_file("claims"), file);
            BOOST_TEST(why.server.trace_id == in_file("trace_id"), file);
            BOOST_TEST(why.server.correlation_id == in_file("correlation_id"), file);
            BOOST_TEST(why.server.timestamp == in_file("timestamp"), file);
            BOOST_TEST(why.server.error_codes == wanted.numbers, boost::test_tools::per_element());
        }
    }
    std::size_t errors = 0;
    for (auto const& entry : std::filesystem::directory_iterator(OAUTH_TEST_FIXTURES "/microsoft"))
        errors += entry.path().filename().string().starts_with("err_") && entry.path().extension() == ".json";
    BOOST_TEST(errors == rows.size());
}

// What is no OAuth answer at all is most often passing; the status stays. What of the body does, the next case says.
BOOST_AUTO_TEST_CASE(answers_that_are_not_oauth)
{
    auto const html = test_support::fixture("microsoft/err_503_html.html"), plain = test_support::fixture("microsoft/err_429_plain_text.txt"),
               graph = test_support::fixture("microsoft/graph_error_429.json");
    BOOST_TEST_REQUIRE((!html.empty() && !plain.empty()));
    oauth::http_fields const json{{"Content-Type", "application/json"}}, page{{"Content-Type", "text/html; charset=us-ascii"}}, words{{"content-type", "text/plain"}};
    auto const with = [](oauth::http_fields fields, char const* name, char const* value) {
        fields.push_back({name, value});
        return fields;
    };
    struct row
    {
        char const* name;
        oauth::http_response response;
        errc code;
        advice next;
        count wait = {};
    };
    std::vector<row> const rows{
        {"503 HTML", answer(html, 503, page), errc::unexpected_status, advice::retry},
        {"503 HTML, Retry-After", answer(html, 503, with(page, "Retry-After", "7")), errc::unexpected_status, advice::retry_after, 7},
        {"429 text, Retry-After", answer(plain, 429, with(words, "retry-after", "60")), errc::unexpected_status, advice::retry_after, 60},
        {"429 text", answer(plain, 429, words), errc::unexpected_status, advice::retry},
        {"429 date", answer("", 429, {{"Date", "Fri, 02 Jan 2026 03:04:05 GMT"}, {"Retry-After", "Fri, 02 Jan 2026 03:05:35 GMT"}}), errc::unexpected_status, advice::retry_after, 90},
        {"404 empty", answer(test_support::fixture("microsoft/err_404_empty_body.txt"), 404, {}), errc::unexpected_status, advice::fix_configuration},
        {"404 HTML", answer(html, 404, page), errc::unexpected_status, advice::fix_configuration},
        {"405", answer("", 405), errc::unexpected_status, advice::fix_configuration},
        {"410", answer("", 410), errc::unexpected_status, advice::fix_configuration},
        {"501", answer("", 501), errc::unexpected_status, advice::fix_configuration},
        {"400 empty", answer("", 400, {}), errc::unexpected_status, advice::retry},
        {"401 empty", answer("", 401, {}), errc::unexpected_status, advice::retry},
        {"403 HTML of a firewall", answer(html, 403, page), errc::unexpected_status, advice::retry},
        {"500 JSON without error", answer(R"({"message":"x"})", 500), errc::unexpected_status, advice::retry},
        {"400 error is null", answer(R"({"error":null})", 400), errc::unexpected_status, advice::retry},
        {"400 error is empty", answer(R"({"error":""})", 400), errc::unexpected_status, advice::retry},
        {"400 error is a number", answer(R"({"error":400})", 400), errc::unexpected_status, advice::retry},
        {"429 Graph's shape", answer(graph, 429, with(json, "Retry-After", "10")), errc::unexpected_status, advice::retry_after, 10},
        {"400 cut", answer(R"({"error":"invalid_grant")", 400), errc::unexpected_status, advice::retry},
        {"500 tokens", answer(R"({"access_token":"A","token_type":"Bearer"})", 500), errc::unexpected_status, advice::retry},
        {"201 tokens", answer(R"({"access_token":"A","token_type":"Bearer"})", 201), errc::unexpected_status, advice::retry},
        {"204", answer("", 204, {}), errc::unexpected_status, advice::retry},
        {"200 HTML", answer(html, 200, page), errc::unexpected_content_type, advice::retry},
        {"200 HTML, Retry-After", answer(html, 200, with(page, "Retry-After", "5")), errc::unexpected_content_type, advice::retry_after, 5},
        {"200 HTML called JSON", answer(html), errc::response_not_json, advice::retry},
        {"200 HTML called nothing", answer(html, 200, {}), errc::response_not_json, advice::retry},
        {"200 text", answer("OK", 200, words), errc::unexpected_content_type, advice::retry},
        {"200 JSON called text", answer(R"({"access_token":"A","token_type":"Bearer"})", 200, words), errc::unexpected_content_type, advice::retry},
        {"200 empty", answer(""), errc::response_not_json, advice::retry},
        {"200 empty, no type", answer("", 200, {}), errc::response_not_json, advice::retry},
        {"200 blank", answer(" \r\n"), errc::response_not_json, advice::retry},
        {"301", answer("", 301, with(json, "Location", "https://evil.example/token")), errc::redirect_refused, advice::fix_configuration},
        {"302", answer(html, 302, page), errc::redirect_refused, advice::fix_configuration},
        {"303", answer("", 303), errc::redirect_refused, advice::fix_configuration},
        {"304", answer("", 304), errc::redirect_refused, advice::fix_configuration},
        {"307 with tokens", answer(R"({"access_token":"A","token_type":"Bearer"})", 307), errc::redirect_refused, advice::fix_configuration},
        {"308 with an error", answer(R"({"error":"invalid_grant"})", 308), errc::redirect_refused, advice::fix_configuration},
        {"399", answer("", 399), errc::redirect_refused, advice::fix_configuration},
    };
    for (auto const& [name, response, code, next, wait] : rows)
    {
        auto const decoded = oauth::decode_token_response(response);
        check_failed(decoded, code, next, name);
        BOOST_TEST(decoded.error().http_status == response.status, name);
        BOOST_TEST((in_seconds(decoded.error().retry_after) == wait), name);
        BOOST_TEST(decoded.error().server.empty(), name);
    }
}

BOOST_AUTO_TEST_CASE(what_stays_of_a_body_that_is_no_answer)   // bounded and redacted
{
    auto const html = test_support::fixture("microsoft/err_503_html.html"), plain = test_support::fixture("microsoft/err_429_plain_text.txt");
    BOOST_TEST_REQUIRE((!html.empty() && !plain.empty()));
    std::string const tokens = R"({"access_token":"A","token_type":"Bearer"})", key(64, 'k');
    struct row
    {
        char const* name;
        oauth::http_response response;
        std::string excerpt;
    };
    std::vector<row> const rows{
        {"503 HTML", answer(html, 503, {}), html.substr(0, 512)},
        {"429 text", answer(plain, 429, {}), plain},
        {"500 JSON without error", answer(R"({"message":"x"})", 500), R"({"message":"x"})"},
        {"400 error is empty", answer(R"({"error":""})", 400), R"({"error":""})"},
        {"400 cut", answer(R"({"error":"invalid_grant")", 400), R"({"error":"invalid_grant")"},
        {"403 of a firewall", answer("blocked, key " + key, 403, {}), "blocked, key " + std::string(64, '*')},
        {"404 empty", answer("", 404, {}), ""},
        {"400 over the limit", answer("x " + std::string(2 << 20, ' '), 400, {}), "x " + std::string(510, ' ')},
        // Whatever may hold a token: nothing.
        {"500 tokens", answer(tokens, 500), ""},
        {"201 tokens", answer(tokens, 201), ""},
        {"500 cut tokens", answer(tokens.substr(0, 18), 500), ""},
        {"500 form", answer("access_token=A&token_type=bearer", 500, {}), ""},
        {"200 HTML", answer(html, 200, {}), ""},
        {"200 text", answer(plain, 200, {{"Content-Type", "text/plain"}}), ""},
        {"302 HTML", answer(html, 302, {}), ""},
        // An OAuth error has places of its own.
        {"503 an OAuth error", answer(R"({"error":"temporarily_unavailable","x":"y"})", 503), ""},
    };
    for (auto const& [name, response, excerpt] : rows)
    {
        auto const decoded = oauth::decode_token_response(response);
        BOOST_TEST_REQUIRE(decoded.has_error(), name);
        BOOST_TEST(decoded.error().server.body_excerpt == excerpt, name);
        BOOST_TEST(decoded.error().hint.find("blocked") == std::string::npos, name);
    }
}

BOOST_AUTO_TEST_CASE(passing_statuses_with_an_oauth_body)
{
    struct row
    {
        int status;
        char const* error;
        advice next, next_with_retry_after;
    };
    for (auto const& [status, error, next, with_retry_after] : {
             row{429, "invalid_request", advice::retry, advice::retry_after},
             row{503, "invalid_client", advice::retry, advice::retry_after},
             row{408, "nobody_knows", advice::retry, advice::retry_after},
             row{503, "temporarily_unavailable", advice::retry, advice::retry_after},
             row{500, "server_error", advice::retry, advice::retry_after},
             row{400, "slow_down", advice::retry, advice::retry_after},
             row{429, "invalid_grant", advice::sign_in_again, advice::sign_in_again},   // this one ends the session
             row{503, "consent_required", advice::consent, advice::consent},
             row{400, "invalid_request", advice::fix_configuration, advice::fix_configuration},
             row{400, "nobody_knows", advice::give_up, advice::give_up},
         })
    {
        auto const body = R"({"error":")" + std::string(error) + R"("})";
        check_failed(decode(body, status), oauth::to_server_errc(error), next, error);
        auto const decoded = oauth::decode_token_response(answer(body, status, {{"Retry-After", "3"}}));
        check_failed(decoded, oauth::to_server_errc(error), with_retry_after, error);
        BOOST_TEST((in_seconds(decoded.error().retry_after) == 3));
    }
}

BOOST_AUTO_TEST_CASE(content_types)
{
    struct row
    {
        char const* type;
        bool json;
    };
    for (auto const& [type, json] : {
             row{"application/json", true}, row{"APPLICATION/JSON", true}, row{"application/json; charset=utf-8", true}, row{"application/json ;charset=UTF-8", true},
             row{"application/json\t; x", true}, row{"application/vnd.oauth+json", true}, row{"application/X+JSON", true}, row{"", true},
             row{"application/+json", false}, row{"application/json2", false}, row{"application/jsonp", false}, row{"application/", false}, row{"application", false}, row{"json", false},
             row{"text/json", false}, row{"text/html", false}, row{"text/plain; application/json", false}, row{";", false}, row{"xapplication/json", false},
         })
    {
        auto const decoded = oauth::decode_token_response(answer(R"({"access_token":"A","token_type":"Bearer"})", 200, {{"Content-Type", type}}));
        BOOST_TEST(decoded.has_value() == json, type);
        if (!json) check_failed(decoded, errc::unexpected_content_type, advice::retry, type);
    }
}

// The table in the docstring, for every number member.
BOOST_AUTO_TEST_CASE(every_json_type_of_every_number)
{
    struct row
    {
        std::string json;
        count expected;
        bool usable = true;
    };
    std::vector<row> const rows{
        {"null", {}}, {R"("")", {}},
        {"3599", 3599}, {R"("3599")", 3599}, {R"(" 3599 ")", 3599}, {R"("+3599")", 3599}, {R"("003599")", 3599}, {R"("\u0033599")", 3599}, {R"("35\u0039\u0039")", 3599},
        {"3599.9", 3599}, {"3.599e3", 3599}, {"3599.0", 3599}, {"35990E-1", 3599}, {R"("3599.9")", 3599}, {R"("3599.")", {}, false}, {"0.9", 0}, {"1e-400", 0}, {R"("0.9")", 0},
        {"0", 0}, {"-0", 0}, {"-0.5", 0}, {R"("0")", 0}, {R"("-0")", 0}, {"0e400", 0}, {"-0.0E+999", 0},   // not "for ever"
        {"-5", -5}, {R"("-5")", -5}, {"-5.9", -5}, {R"("-5.9")", -5}, {"-1e3", -1000},
        {"2147483647", longest}, {"2147483648", 2147483648}, {"253402300799", end_of_time}, {"253402300800", 253402300800},
        {"9223372036854775807", INT64_MAX}, {"9223372036854775808", INT64_MAX}, {"18446744073709551615", INT64_MAX}, {"18446744073709551616", INT64_MAX},
        {"123456789012345678901234567890", INT64_MAX}, {"1e18", 1'000'000'000'000'000'000}, {"1e19", INT64_MAX}, {"1e400", INT64_MAX},
        {R"("9223372036854775807")", INT64_MAX}, {R"("9223372036854775808")", INT64_MAX}, {R"("99999999999999999999999999999999")", INT64_MAX},
        {"-9223372036854775808", INT64_MIN}, {"-9223372036854775809", INT64_MIN}, {"-1e19", INT64_MIN}, {"-1e400", INT64_MIN},
        {R"("-99999999999999999999999999999999")", INT64_MIN},
        {"true", {}, false}, {"false", {}, false}, {"[]", {}, false}, {"[3599]", {}, false}, {"{}", {}, false}, {R"({"value":3599})", {}, false},
        {R"("soon")", {}, false}, {R"("3599s")", {}, false}, {R"("1e3")", {}, false}, {R"("0x10")", {}, false}, {R"(" ")", {}, false}, {R"("-")", {}, false}, {R"("+-5")", {}, false},
        {R"("3 599")", {}, false}, {R"("3,599")", {}, false}, {R"(".5")", {}, false}, {R"("5.x")", {}, false}, {R"("1.2.3")", {}, false}, {R"("NaN")", {}, false},
        {R"("2026-01-02T03:04:05Z")", {}, false},
    };
    for (auto const& member : number_members)
    {
        for (auto const& [json, expected, usable] : rows)
        {
            auto const what = member.name + ": "s + json;
            auto const decoded = decode_with('"' + std::string(member.name) + "\":" + json + R"(,"refresh_token":"R")");
            BOOST_TEST_REQUIRE(decoded.has_value(), what);
            auto const wanted = expected ? count(std::clamp(*expected, member.least, member.most)) : count();
            BOOST_TEST((member.get(*decoded) == wanted), what << ": " << shown(member.get(*decoded)));
            BOOST_TEST(decoded->refresh_token.reveal() == "R", what);
            for (auto const& other : number_members)
                if (&other != &member) BOOST_TEST(!other.get(*decoded), what << " touches " << other.name);
            BOOST_TEST(decoded->unusable.size() == (usable ? 0u : 1u), what);
            BOOST_TEST(decoded->extra.size() == (usable ? 0u : 1u), what);
            if (usable) continue;
            BOOST_TEST(decoded->unusable.front() == member.name, what);
            BOOST_TEST((decoded->find_extra(member.name) == json), what << ": " << decoded->find_extra(member.name).value_or("none"));
        }
        auto const absent = decode_with(R"("x":1)");
        BOOST_TEST(!member.get(absent.value()).has_value());
        // The one number that fails: it is no JSON for the parser either.
        check_failed(decode_with('"' + std::string(member.name) + R"(":1e99999999999)"), errc::response_not_json, advice::retry, member.name);
    }
}

BOOST_AUTO_TEST_CASE(texts)
{
    std::string const parts = R"("a\"b\\c\/d\u00e9\ud83d\ude00\n")", decoded_parts = "a\"b\\c/d\xc3\xa9\xf0\x9f\x98\x80\n";
    for (auto const& member : text_members)
    {
        auto const get = [&](std::string const& json) { return decode_with('"' + std::string(member.name) + "\":" + json).value(); };
        BOOST_TEST((member.get(get(R"("x y")")) == "x y"), member.name);
        BOOST_TEST((member.get(get(R"("")")) == ""), member.name);   // sent and empty is not absent
        BOOST_TEST((member.get(get("null")) == std::nullopt), member.name);
        BOOST_TEST((member.get(get(parts)) == decoded_parts), member.name);
        BOOST_TEST((member.get(get('"' + std::string(20'000, 'x') + R"(\n")")) == std::string(20'000, 'x') + "\n"), member.name);
        for (char const* unusable : {"1", "true", "[]", R"(["a","b"])", "{}", R"({"a":"b"})", "1.50"})
        {
            auto const tokens = get(unusable);
            BOOST_TEST((member.get(tokens) == std::nullopt), member.name);
            BOOST_TEST_REQUIRE(tokens.unusable.size() == 1u);
            BOOST_TEST(tokens.unusable.front() == member.name);
            BOOST_TEST((tokens.find_extra(member.name) == unusable), member.name);
        }
    }
}

BOOST_AUTO_TEST_CASE(tokens)
{
    for (auto const& member : secret_members)
    {
        auto const with = [&](std::string const& json) {
            auto const name = '"' + std::string(member.name) + '"';
            std::string body = R"({"token_type":"Bearer",)" + name + ':' + json;
            for (auto const& other : secret_members)
                if (&other != &member) body += ",\"" + std::string(other.name) + "\":\"other\"";
            return decode(body + '}');
        };
        auto const value = [&](std::string const& json) { return std::string(member.get(with(json).value()).reveal()); };
        BOOST_TEST(value(R"("0.AXEA.x-_~+/=")") == "0.AXEA.x-_~+/=");
        BOOST_TEST(value(R"("a\/b\u0041\n")") == "a/bA\n");
        BOOST_TEST(value(R"("\u0041")") == "A");
        BOOST_TEST(value(R"("\u0041b")") == "Ab");
        BOOST_TEST((value(R"("a\u0000b")") == "a\0b"s));
        BOOST_TEST((value('"' + std::string(100'000, 'x') + '"') == std::string(100'000, 'x')));
        BOOST_TEST((value(R"("\/)" + std::string(100'000, 'x') + R"(\/")") == '/' + std::string(100'000, 'x') + '/'));
        BOOST_TEST(value("null") == "");
        BOOST_TEST(value(R"("")") == "");
        for (char const* wrong : {"1", "1.5", "true", "[]", R"(["x"])", "{}", R"({"x":"y"})"}) check_failed(with(wrong), errc::response_wrong_type, advice::retry, member.name);
    }
    for (char const* wrong : {"1", "true", "[]", "{}"})
        check_failed(decode(R"({"access_token":"A","token_type":)" + std::string(wrong) + "}"), errc::response_wrong_type, advice::retry, "token_type");
}

BOOST_AUTO_TEST_CASE(what_a_success_must_have)
{
    struct row
    {
        char const* body;
        char const* missing;   // "": nothing
    };
    for (auto const& [body, missing] : {
             row{R"({"access_token":"A","token_type":"Bearer"})", ""},
             row{R"({"access_token":"A","token_type":""})", ""},
             row{R"({"id_token":"I"})", ""},
             row{R"({"id_token":"I","token_type":"Bearer"})", ""},
             row{R"({"access_token":null,"id_token":"I"})", ""},
             row{"{}", "access_token"},
             row{R"({"access_token":"","token_type":"Bearer"})", "access_token"},
             row{R"({"access_token":null,"token_type":"Bearer"})", "access_token"},
             row{R"({"refresh_token":"R","token_type":"Bearer","expires_in":5})", "access_token"},
             row{R"({"Access_Token":"A","token_type":"Bearer"})", "access_token"},
             row{R"({"data":{"access_token":"A","token_type":"Bearer"}})", "access_token"},
             row{R"({"access_token":"A"})", "token_type"},
             row{R"({"access_token":"A","token_type":null})", "token_type"},
             row{R"({"access_token":"A","id_token":"I"})", "token_type"},
         })
    {
        auto const decoded = decode(body);
        if (*missing == '\0') BOOST_TEST(decoded.has_value(), body);
        else
        {
            check_failed(decoded, errc::response_missing_member, advice::give_up, body);
            BOOST_TEST(decoded.error().hint == missing, body);
        }
    }
}

// Nothing that a server sends is dropped.
BOOST_AUTO_TEST_CASE(unknown_members_are_kept)
{
    struct row
    {
        std::string json, kept;
    };
    std::vector<row> const rows{
        {R"("text")", R"("text")"}, {R"("")", R"("")"}, {"null", "null"}, {"true", "true"}, {"false", "false"}, {"0", "0"}, {"-0", "-0"}, {"1.50", "1.50"}, {"1E+2", "1E+2"},
        {"0.1000", "0.1000"}, {"12345678901234567890123", "12345678901234567890123"}, {"18446744073709551615", "18446744073709551615"}, {"1e400", "1e400"},
        {"{}", "{}"}, {"[]", "[]"}, {"[ ]", "[]"}, {"[1 , 2]", "[1,2]"}, {"[[],{}, [[ ]]]", "[[],{},[[]]]"},
        {R"({ "a" : 1 , "b" : [ true , null , "x" ] })", R"({"a":1,"b":[true,null,"x"]})"},
        {R"({"a":{"b":{"c":{}}},"d":""})", R"({"a":{"b":{"c":{}}},"d":""})"},
        {R"({"":1,"access_token":"nested","error":"nested","expires_in":"x"})", R"({"":1,"access_token":"nested","error":"nested","expires_in":"x"})"},
        {R"({"a":1,"a":2})", R"({"a":1,"a":2})"},   // the server's own business
        {R"("\"\\\/\b\f\n\r\t")", R"("\"\\/\u0008\u000c\u000a\u000d\u0009")"}, {R"("\u0000\u001f\u007f")", "\"\\u0000\\u001f\x7f\""},
        {R"("\u00e9\ud83d\ude00")", "\"\xc3\xa9\xf0\x9f\x98\x80\""}, {"\"\xc3\xa9\"", "\"\xc3\xa9\""}, {R"({"k\u0022\n":"v\u0022"})", R"({"k\"\u000a":"v\""})"},
        {R"("a\nb\nc")", R"("a\u000ab\u000ac")"}, {'"' + std::string(50'000, 'x') + R"(\n")", '"' + std::string(50'000, 'x') + R"(\u000a")"},
    };
    for (auto const& [json, kept] : rows)
    {
        auto const decoded = decode_with("\"other\":" + json + R"(,"pwd_exp":"6553342")");
        BOOST_TEST_REQUIRE(decoded.has_value(), json.substr(0, 80));
        BOOST_TEST_REQUIRE(decoded->extra.size() == 2u, json.substr(0, 80));
        BOOST_TEST(decoded->extra[0].name == "other");
        BOOST_TEST(decoded->extra[0].json.reveal() == kept, json.substr(0, 80) << ": " << decoded->extra[0].json.reveal().substr(0, 80));
        BOOST_TEST(decoded->extra[1].name == "pwd_exp");
        BOOST_TEST(decoded->extra[1].json.reveal() == R"("6553342")");
        BOOST_TEST(decoded->unusable.empty());
        BOOST_TEST((boost::json::parse(std::string(kept)) == boost::json::parse(json)), json.substr(0, 80));
    }
    auto const names = decode_with(R"("":1,"a\u0062":2,"\u00e9":3,"Expires_In":4,"expires_in ":5,"x)" + std::string(1000, 'y') + "\":6").value();
    BOOST_TEST_REQUIRE(names.extra.size() == 6u);
    BOOST_TEST(names.extra[0].name == "");
    BOOST_TEST(names.extra[1].name == "ab");
    BOOST_TEST(names.extra[2].name == "\xc3\xa9");
    BOOST_TEST(names.extra[3].name == "Expires_In");
    BOOST_TEST(names.extra[4].name == "expires_in ");
    BOOST_TEST(names.extra[5].name.size() == 1001u);
    BOOST_TEST(!names.expires_in);
}

BOOST_AUTO_TEST_CASE(what_only_an_error_should_have_is_kept_in_a_success)
{
    auto const tokens = decode_with(R"("claims":"{\"a\":1}","error":"","error_codes":[1,"x",[2],{"a":3},-4,5.9,99999999999],"x":1,"trace_id":"t","correlation_id":"c","timestamp":"s",
                                       "suberror":"u","error_uri":"e","error_description":"d")").value();
    std::vector<std::pair<std::string, std::string>> const expected{
        {"x", "1"}, {"error_description", R"("d")"}, {"error_uri", R"("e")"}, {"suberror", R"("u")"}, {"claims", R"("{\"a\":1}")"}, {"trace_id", R"("t")"},
        {"correlation_id", R"("c")"}, {"timestamp", R"("s")"}, {"error_codes", "[1,2,3,5]"}};
    BOOST_TEST_REQUIRE(tokens.extra.size() == expected.size());
    for (std::size_t i = 0; i < expected.size(); ++i)
    {
        BOOST_TEST(tokens.extra[i].name == expected[i].first);
        BOOST_TEST(tokens.extra[i].json.reveal() == expected[i].second);
    }
    BOOST_TEST(decode_with(R"("error":null,"error_description":null,"error_codes":null)").value().extra.empty());
    BOOST_TEST((decode_with(R"("error":{"code":"x"})").value().find_extra("error") == R"({"code":"x"})"));
    BOOST_TEST((decode_with(R"("claims":{"a":1})").value().unusable == std::vector<std::string>{"claims"}));
}

BOOST_AUTO_TEST_CASE(an_error_beside_tokens_is_an_error)
{
    check_failed(decode_with(R"("error":"invalid_grant")"), server_errc::invalid_grant, advice::sign_in_again, "error last");
    check_failed(decode(R"({"error":"invalid_grant","access_token":"A","token_type":"Bearer"})"), server_errc::invalid_grant, advice::sign_in_again, "error first");
}

BOOST_AUTO_TEST_CASE(error_bodies_of_other_shapes)
{
    struct row
    {
        char const* body;
        server_errc code;
        std::vector<std::uint32_t> numbers;
    };
    std::vector<row> const rows{
        // RFC 6749 5.2
        {R"({"error":"invalid_request"})", server_errc::invalid_request, {}},
        {R"({"\u0065rror":"invalid\u005frequest"})", server_errc::invalid_request, {}},
        {R"({"error":"Invalid_Request"})", server_errc::unrecognized, {}},
        {R"({"error":"unsupported_grant_type","error_description":"MSIS9611: The authorization server does not support the requested 'grant_type'."})", server_errc::unsupported_grant_type, {9611}},
        {R"({"error":"access_denied","error_description":"AADB2C90118: forgotten"})", server_errc::access_denied, {90118}},
        {R"({"error":"invalid_grant","error_description":"AADSTS70008: x","error_codes":[70002,70008]})", server_errc::invalid_grant, {70002, 70008}},
        {R"({"error":"invalid_grant","error_description":"AADSTS70008: x","error_codes":[]})", server_errc::invalid_grant, {70008}},
        {R"({"error":"invalid_grant","error_codes":50173})", server_errc::invalid_grant, {50173}},
        {R"({"error":"invalid_grant","error_codes":"50173"})", server_errc::invalid_grant, {}},
        {R"({"error":"invalid_grant","error_codes":[0,-1,4294967295,4294967296,"7",null,true]})", server_errc::invalid_grant, {4294967295}},
        {R"({"error":"invalid_grant","error_codes":[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18]})", server_errc::invalid_grant, {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16}},
        {R"({"error":"invalid_grant","error_description":"AADSTS: x"})", server_errc::invalid_grant, {}},
        {R"({"error":"invalid_grant","error_description":"aadsts5: x"})", server_errc::invalid_grant, {}},
        {R"({"error":"invalid_grant","error_description":"AADSTS99999999999999: x"})", server_errc::invalid_grant, {}},
        {R"({"error":"invalid_grant","error_description":"70008: x"})", server_errc::invalid_grant, {}},
        {R"({"error":"invalid_grant","error_description":"The code AADSTS70008: x"})", server_errc::invalid_grant, {}},
        {R"({"error":"invalid_grant","error_description":"AADSTS70008 x"})", server_errc::invalid_grant, {}},
        {R"({"error":"invalid_grant","error_description":5,"suberror":[],"claims":{"a":1}})", server_errc::invalid_grant, {}},
        {R"({"error":"invalid_code"})", server_errc::unrecognized, {}},
    };
    for (auto const& [body, code, numbers] : rows)
    {
        auto const decoded = decode(body, 400);
        BOOST_TEST_REQUIRE(decoded.has_error(), body);
        BOOST_TEST(decoded.error().code == oauth::error_code(code), body);
        BOOST_TEST(decoded.error().server.error_codes == numbers, boost::test_tools::per_element());
    }
    auto const long_one = decode(R"({"error":"invalid_grant","error_description":")" + std::string(5000, 'x') + R"(\n)" + std::string(5000, 'y') + R"("})", 400);
    BOOST_TEST(long_one.error().server.error_description == std::string(4096, 'x'));
    auto const in_parts = decode(R"({"error":"invalid_grant","error_description":"a\nb\nc"})", 400);
    BOOST_TEST(in_parts.error().server.error_description == "a\nb\nc");
}

BOOST_AUTO_TEST_CASE(bodies_that_are_no_object_of_ours)
{
    auto const nested = [](int depth) { return R"({"access_token":"A","token_type":"Bearer","x":)" + std::string(static_cast<std::size_t>(depth - 1), '[') + std::string(static_cast<std::size_t>(depth - 1), ']') + "}"; };
    auto const members = [](int many) {
        std::string out = R"({"access_token":"A","token_type":"Bearer")";
        for (int i = 0; i < many; ++i) out += ",\"m" + std::to_string(i) + "\":0";
        return out + "}";
    };
    BOOST_TEST(decode(nested(16)).has_value());
    BOOST_TEST(decode(members(64)).has_value());
    struct row
    {
        std::string body;
        errc expected;
    };
    std::vector<row> const rows{
        {"[]", errc::response_not_an_object}, {R"("x")", errc::response_not_an_object}, {R"("\n")", errc::response_not_an_object}, {"1", errc::response_not_an_object},
        {"1.5", errc::response_not_an_object}, {"true", errc::response_not_an_object}, {"null", errc::response_not_an_object}, {R"([{"access_token":"A"}])", errc::response_not_an_object},
        {nested(17), errc::response_too_deep}, {nested(18), errc::response_too_deep}, {std::string(1'000'000, '['), errc::response_not_an_object},
        {"{\"a\":" + std::string(1'000'000, '['), errc::response_too_deep}, {R"({"error":"x","error_codes":)" + std::string(100, '['), errc::response_too_deep},
        {members(65), errc::response_too_large}, {members(5000), errc::response_too_large}, {"{\"" + std::string(1025, 'k') + "\":1}", errc::response_too_large},
        {R"({"x":[)" + [] { std::string s = "0"; for (int i = 0; i < 10'000; ++i) s += ",0"; return s; }() + "]}", errc::response_too_large},
        {std::string(1 << 20, ' ') + "{}", errc::response_too_large},
        {"{", errc::response_not_json}, {"}", errc::response_not_json}, {"{}{}", errc::response_not_json}, {"{} x", errc::response_not_json}, {"{,}", errc::response_not_json},
        {R"({"a":1,})", errc::response_not_json}, {R"({"a" 1})", errc::response_not_json}, {R"({a:1})", errc::response_not_json}, {R"({'a':1})", errc::response_not_json},
        {R"({"a":01})", errc::response_not_json}, {R"({"a":+1})", errc::response_not_json}, {R"({"a":.5})", errc::response_not_json}, {R"({"a":NaN})", errc::response_not_json},
        {R"({"a":Infinity})", errc::response_not_json}, {R"({"a":nul})", errc::response_not_json}, {"{\"a\":\"\n\"}", errc::response_not_json}, {R"({"a":"\x"})", errc::response_not_json},
        {R"({"a":"\ud800"})", errc::response_not_json}, {R"({"a":"\udc00\ud800"})", errc::response_not_json}, {R"({"a":"\u00g0"})", errc::response_not_json},
        {"/* x */{}", errc::response_not_json}, {"{}\0"s, errc::response_not_json}, {"{\"a\0\":1}"s, errc::response_not_json}, {")]}'{}", errc::response_not_json},
        {"{\"a\":\"\xff\"}", errc::response_not_utf8}, {"{\"\xff\":1}", errc::response_not_utf8}, {"{\"a\":\"\xc0\x80\"}", errc::response_not_utf8},
        {"{\"a\":\"\xed\xa0\x80\"}", errc::response_not_utf8}, {"{\"a\":\"\xf4\x90\x80\x80\"}", errc::response_not_utf8}, {"{\"a\":\"\xe2\x82\"}", errc::response_not_utf8},
        {"{\"access_token\":\"\x80\"}", errc::response_not_utf8}, {"{\"a\":\"J\xfcrgen\"}", errc::response_not_utf8},
    };
    for (auto const& [body, expected] : rows)
    {
        check_failed(decode(body), expected, advice::retry, body.substr(0, 80));
        check_failed(decode(body, 400), errc::unexpected_status, advice::retry, body.substr(0, 80));
    }
}

BOOST_AUTO_TEST_CASE(a_byte_order_mark_is_passed_over)
{
    BOOST_TEST(decode("\xef\xbb\xbf{\"access_token\":\"A\",\"token_type\":\"Bearer\"}").value().access_token.reveal() == "A");
    check_failed(decode("\xef\xbb\xbf\xef\xbb\xbf{}"), errc::response_not_json, advice::retry, "two");
    check_failed(decode("\xef\xbb\xbf"), errc::response_not_json, advice::retry, "nothing else");
    check_failed(decode("\xff\xfe{\0}\0"s), errc::response_not_utf8, advice::retry, "UTF-16");
}

BOOST_AUTO_TEST_CASE(size_limit)
{
    std::string const body = R"({"access_token":"A","token_type":"Bearer"})";
    BOOST_TEST(oauth::decode_token_response(answer(body), body.size()).has_value());
    auto const decoded = oauth::decode_token_response(answer(body), body.size() - 1);
    check_failed(decoded, errc::response_too_large, advice::retry, "one byte over");
    check_failed(oauth::decode_token_response(answer(R"({"error":"invalid_grant"})", 400), 5), errc::unexpected_status, advice::retry, "an error over the limit");
}

BOOST_AUTO_TEST_CASE(duplicate_members)
{
    for (auto const* name : {"access_token", "refresh_token", "id_token", "token_type", "scope", "resource", "profile_info", "client_info", "issued_token_type", "foci", "expires_in",
                             "ext_expires_in", "refresh_in", "refresh_token_expires_in", "id_token_expires_in", "not_before", "expires_on", "error", "error_description", "error_uri",
                             "suberror", "claims", "trace_id", "correlation_id", "timestamp", "error_codes", "unknown", ""})
    {
        auto const escaped_name = [name = std::string(name)] {
            constexpr char digits[] = "0123456789abcdef";
            std::string out;
            for (char c : name) ((out += "\\u00") += digits[c >> 4]) += digits[c & 15];
            return out;
        }();
        for (char const* value : {"null", R"("1")"})
            for (auto const& again : {std::string(name), escaped_name})
            {
                auto const body = "{\"" + std::string(name) + "\":" + value + ",\"x\":0,\"" + again + "\":" + value + "}";
                check_failed(decode(body), errc::response_duplicate_member, advice::retry, body);
                auto const other_way = "{\"" + again + "\":" + value + ",\"x\":0,\"" + name + "\":" + value + "}";
                check_failed(decode(other_way), errc::response_duplicate_member, advice::retry, other_way);
            }
    }
    check_failed(decode(R"({"\u0061ccess_token":"A","access_token":"B","token_type":"Bearer"})"), errc::response_duplicate_member, advice::retry, "RFC 8259 4");
    check_failed(decode(R"({"expires_in":true,"expires_in":5})"), errc::response_duplicate_member, advice::retry, "one of them unusable");
    BOOST_TEST(decode(R"({"\u0061ccess\u005ftoken":"A","token_typ\u0065":"Bearer","\u0065xpires_in":5})").value().expires_in.value().count() == 5);
    // A duplicate in an error body is no reason to believe the error.
    check_failed(decode(R"({"error":"invalid_grant","error":"server_error"})", 400), errc::unexpected_status, advice::retry, "error twice");
}

BOOST_AUTO_TEST_CASE(cut_anywhere_it_is_never_a_success)
{
    for (char const* name : {"v2_authcode_success", "v1_authcode_success_strings", "b2c_authcode_success_numbers"})
    {
        auto whole = test_support::fixture("microsoft/" + std::string(name) + ".json");
        while (whole.back() != '}') whole.pop_back();
        for (std::size_t size = 0; size < whole.size(); ++size)
        {
            auto const decoded = decode(whole.substr(0, size));
            BOOST_TEST_REQUIRE(decoded.has_error(), name << " cut after " << size);
            BOOST_TEST_REQUIRE(decoded.error().code == oauth::error_code(errc::response_not_json), name << " cut after " << size);
        }
        BOOST_TEST(decode(whole).has_value());
    }
}

BOOST_AUTO_TEST_CASE(changed_anywhere_it_is_read_or_refused)
{
    std::string const whole = R"({"access_token":"A.b\u0041","token_type":"Bearer","expires_in":"3599","refresh_in":1.5e2,"scope":"a b","x":{"y":[1,null,"z\n"]},"error_codes":[1]})";
    BOOST_TEST_REQUIRE(decode(whole).has_value());
    std::size_t read = 0, refused = 0;
    for (std::size_t at = 0; at < whole.size(); ++at)
        for (int byte = 0; byte < 256; ++byte)
        {
            auto changed = whole;
            changed[at] = static_cast<char>(byte);
            auto const decoded = decode(std::move(changed));
            ++(decoded.has_value() ? read : refused);
        }
    BOOST_TEST(read > 1000u);
    BOOST_TEST(refused > 1000u);
}

// No secret ever enters an error.
BOOST_AUTO_TEST_CASE(no_failure_holds_a_token)
{
    std::string const canary = "CaNaRy7b1f", members = R"("access_token":"A-)" + canary + R"(","refresh_token":"R-)" + canary + R"(","id_token":"I-)" + canary + R"(","other":"O-)" + canary
        + R"(","nested":{"n)" + canary + R"(":"N-)" + canary + R"("},"client_info":"C-)" + canary + R"(","profile_info":"P-)" + canary + "\"";
    std::vector<oauth::http_response> const failing{
        answer("{" + members + "}"),                                              // token_type is missing
        answer("{" + members + R"(,"token_type":5})"), answer("{" + members + R"(,"access_token":"A-)" + canary + "\"}"), answer("{" + members + R"(,"other":"O-)" + canary + "\"}"),
        answer("{" + members), answer("{" + members + "]"), answer("{" + members + "}x"), answer("[{" + members + "}]"), answer("{" + members + ",\"z\":\"\xff\"}"),
        answer("{" + members + ",\"z\":" + std::string(20, '[') + "}"), answer("{" + members + ",\"" + std::string(2000, 'k') + "\":1}"),
        answer("{" + members + R"(,"error":"invalid_grant"})"), answer("{" + members + R"(,"error":"invalid_grant","error_description":"x"})", 400), answer("{" + members + "}", 400),
        answer("{" + members + "}", 503), answer("{" + members + "}", 302), answer("{" + members + "}", 200, {{"Content-Type", "text/html"}}),
        answer("{" + members + "}", 404), answer(canary), answer("<html>" + canary, 200, {{"Content-Type", "text/html"}}), answer('"' + canary + '"'),
        answer("{\"" + canary + "\":1,\"" + canary + "\":2}"), answer(R"({"access_token":{"x":")" + canary + "\"}}"),
    };
    for (auto const& response : failing)
    {
        auto const body = response.body.reveal().substr(0, 300);
        auto const decoded = oauth::decode_token_response(response);
        BOOST_TEST_REQUIRE(decoded.has_error(), body);
        auto const& why = decoded.error();
        BOOST_TEST(oauth::describe(why).find(canary) == std::string::npos, body);
        BOOST_TEST(std::string_view(oauth::error(why).what()).find(canary) == std::string_view::npos, body);
        for (auto const* part : {&why.hint, &why.server.error, &why.server.error_description, &why.server.error_uri, &why.server.suberror, &why.server.claims, &why.server.trace_id,
                                 &why.server.correlation_id, &why.server.timestamp})
            BOOST_TEST(part->find(canary) == std::string::npos, body);
    }
    BOOST_TEST(oauth::decode_token_response(answer("{" + members + "}"), 100).error().hint.find(canary) == std::string::npos);
}

BOOST_AUTO_TEST_CASE(the_answer_is_not_changed)
{
    auto const response = answer(R"({"access_token":"A\n","token_type":"Bearer"})");
    auto const copy = response;
    BOOST_TEST(oauth::decode_token_response(response).has_value());
    BOOST_TEST((response.body == copy.body));
}

BOOST_AUTO_TEST_SUITE_END()
