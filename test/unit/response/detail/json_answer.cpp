#include <oauth/response/detail/json_answer.hpp>
#include <boost/test/unit_test.hpp>
#include "../../../support/printing.hpp"
#include "../../../support/sessions.hpp"
#include <string>
#include <vector>

namespace {

using namespace oauth;
using test::answer;

result<boost::json::object> read(http_response const& response, std::size_t max_size = 1 << 20) { return detail::json_answer(response, {200, 201}, "test endpoint", max_size); }

http_fields const json{{"Content-Type", "application/json"}};

} // namespace

BOOST_AUTO_TEST_SUITE(response_detail_json_answer)

BOOST_AUTO_TEST_CASE(a_success_is_its_members)
{
    for (int const status : {200, 201})
        for (auto const& fields : std::vector<http_fields>{json, {}, {{"content-type", "application/JSON; charset=utf-8"}}, {{"Content-Type", "application/x+json"}}})
            for (std::string const body : {R"({"a":1,"b":{"a":[{"a":2}]}})", "\xef\xbb\xbf{\"a\":1,\"b\":{}}", " \n{\"a\":1,\"b\":null} ", R"({"a":1,"b":"\u00e4:\"\\"})"})
            {
                auto const made = read(answer(status, body, fields));
                BOOST_TEST_REQUIRE(made.has_value(), body);
                BOOST_TEST(made->size() == 2U);
                BOOST_TEST(made->at("a").as_int64() == 1);
            }
    for (std::string const body : {R"({"error":""})", R"({"error":null})", R"({"error":{"a":1}})", "{}"}) BOOST_TEST(read(answer(200, body)).has_value(), body);
}

BOOST_AUTO_TEST_CASE(its_memory_is_wiped)
{
    auto const made = read(answer(200, R"({"secret":"canary"})"));
    BOOST_TEST_REQUIRE(made.has_value());
    BOOST_TEST(made->storage().is_shared());   // its own, not the one that nobody wipes
}

BOOST_AUTO_TEST_CASE(a_success_that_can_not_be_read)
{
    struct row
    {
        std::string body;
        errc code;
    };
    std::vector<row> const rows{
        {"", errc::response_not_json},
        {"{", errc::response_not_json},
        {"{} x", errc::response_not_json},
        {R"({"a":1,})", errc::response_not_json},
        {R"({"a":1}{"a":1})", errc::response_not_json},
        {"// x\n{}", errc::response_not_json},
        {"\xef\xbb\xbf\xef\xbb\xbf{}", errc::response_not_json},
        {"{\"a\":\"\xff\"}", errc::response_not_utf8},
        {"[]", errc::response_not_an_object},
        {"null", errc::response_not_an_object},
        {"\"text\"", errc::response_not_an_object},
        {R"({"a":1,"a":1})", errc::response_duplicate_member},
        {R"({"a":1,"\u0061":1})", errc::response_duplicate_member},
        {R"({"a":[{"b":{"c":1,"c":2}}]})", errc::response_duplicate_member},
        {R"({"a":)" + std::string(16, '[') + std::string(16, ']') + '}', errc::response_too_deep},
        {std::string(100'000, '['), errc::response_too_deep},
        {"{\"a\":\"" + std::string(1 << 20, 'x') + "\"}", errc::response_too_large},
    };
    for (auto const& [body, code] : rows)
    {
        auto const made = read(answer(200, body));
        BOOST_TEST_REQUIRE(made.has_error(), body.substr(0, 40));
        BOOST_TEST(made.error().code == code, body.substr(0, 40) << ": " << made.error().code.message());
        BOOST_TEST(made.error().next == advice::retry);
        BOOST_TEST(made.error().http_status == 200);
    }
    BOOST_TEST(read(answer(200, R"({"a":)" + std::string(15, '[') + std::string(15, ']') + '}')).has_value());
    std::string const body = R"({"a":"b"})";
    BOOST_TEST(read(answer(200, body), body.size()).has_value());
    BOOST_TEST(read(answer(200, body), body.size() - 1).error().code == errc::response_too_large);
    // When to come back is told of these too.
    auto const later = read(answer(200, "", {{"Retry-After", "7"}})).error();
    BOOST_TEST(later.next == advice::retry_after);
    BOOST_TEST((later.retry_after == seconds(7)));
}

BOOST_AUTO_TEST_CASE(a_page_of_somebody_else)
{
    for (auto const* type : {"text/html", "text/html; charset=utf-8", "text/plain", "application/jwt", "application/jsonp", "application/token-introspection+jwt"})
    {
        auto const why = read(answer(200, "{}", {{"Content-Type", type}})).error();
        BOOST_TEST(why.code == errc::unexpected_content_type, type);
        BOOST_TEST(why.next == advice::retry);
        BOOST_TEST(why.http_status == 200);
    }
}

BOOST_AUTO_TEST_CASE(an_oauth_error_is_one_whatever_the_status)
{
    for (int const status : {200, 201, 202, 204, 400, 401, 403, 404, 429, 500, 503})
    {
        auto const why = read(answer(status, R"({"error":"invalid_request","error_description":"no","x":1})")).error();
        BOOST_TEST(why.code == server_errc::invalid_request, status);
        BOOST_TEST(why.server.error_description == "no");
        BOOST_TEST(why.http_status == status);
        BOOST_TEST(why.next == (status == 429 || status == 503 ? advice::retry : advice::fix_configuration), status);
    }
    auto const why = read(answer(200, R"({"error":"made_up"})")).error();
    BOOST_TEST(why.code == server_errc::unrecognized);
    BOOST_TEST(why.server.error == "made_up");
}

BOOST_AUTO_TEST_CASE(other_statuses)
{
    struct row
    {
        int status;
        errc code;
        advice next;
        std::string hint;
    };
    for (auto const& [status, code, next, hint] : std::vector<row>{
             {202, errc::unexpected_status, advice::give_up, "the test endpoint must not answer with this status"},
             {204, errc::unexpected_status, advice::give_up, "the test endpoint must not answer with this status"},
             {301, errc::redirect_refused, advice::fix_configuration, "check the URL of the test endpoint"},
             {307, errc::redirect_refused, advice::fix_configuration, "check the URL of the test endpoint"},
             {400, errc::unexpected_status, advice::retry, ""},
             {401, errc::unexpected_status, advice::fix_configuration, "the test endpoint does not let this client in"},
             {403, errc::unexpected_status, advice::fix_configuration, "the test endpoint does not let this client in"},
             {404, errc::unexpected_status, advice::fix_configuration, "check the URL of the test endpoint"},
             {405, errc::unexpected_status, advice::fix_configuration, "check the URL of the test endpoint"},
             {429, errc::unexpected_status, advice::retry_after, ""},
             {500, errc::unexpected_status, advice::retry, ""},
             {503, errc::unexpected_status, advice::retry_after, ""},
         })
        for (std::string const body : {"", "<html>", R"({"a":1})", "{\"error\":"})
        {
            http_fields fields{{"Location", "https://elsewhere.example"}};
            if (next == advice::retry_after) fields.push_back({"Retry-After", "5"});
            auto const why = read(answer(status, body, fields)).error();
            BOOST_TEST(why.code == code, status << ": " << why.code.message());
            BOOST_TEST(why.next == next, status);
            BOOST_TEST(why.hint == hint);
            BOOST_TEST(why.http_status == status);
            BOOST_TEST(why.server.empty());
        }
    // A status that is no success by the standard, and a body that would be none of the limits.
    BOOST_TEST(read(answer(202, R"({"error":"x","y":")" + std::string(100, 'y') + "\"}"), 50).error().code == errc::unexpected_status);
}

BOOST_AUTO_TEST_SUITE_END()
