#include <oauth/core/http_message.hpp>
#include <boost/test/unit_test.hpp>
#include <type_traits>

namespace {

// A message must not be copied by a policy that only hands it on.
static_assert(std::is_nothrow_move_constructible_v<oauth::http_request>);
static_assert(std::is_nothrow_move_constructible_v<oauth::http_response>);

} // namespace

BOOST_AUTO_TEST_SUITE(core_http_message)

BOOST_AUTO_TEST_CASE(methods_as_in_the_request_line)
{
    using enum oauth::http_method;
    BOOST_TEST(oauth::to_string(get) == "GET");
    BOOST_TEST(oauth::to_string(post) == "POST");
    BOOST_TEST(oauth::to_string(put) == "PUT");
    BOOST_TEST(oauth::to_string(patch) == "PATCH");
    BOOST_TEST(oauth::to_string(delete_) == "DELETE");
    BOOST_TEST(oauth::to_string(head) == "HEAD");
}

BOOST_AUTO_TEST_CASE(find_field_without_regard_to_case)
{
    oauth::http_fields const fields{{"Content-Type", "application/json"}, {"retry-after", "7"}, {"Retry-After", "8"}, {"X-Empty", ""}};
    BOOST_TEST(oauth::find_field(fields, "content-type") == "application/json");
    BOOST_TEST(oauth::find_field(fields, "CONTENT-TYPE") == "application/json");
    BOOST_TEST(oauth::find_field(fields, "Retry-After") == "7");   // the first
    BOOST_TEST(oauth::find_field(fields, "X-Empty") == "");
    BOOST_TEST(oauth::find_field(fields, "Content-Typ") == "");
    BOOST_TEST(oauth::find_field(fields, "Content-Type ") == "");
    BOOST_TEST(oauth::find_field(fields, "") == "");
    BOOST_TEST(oauth::find_field({}, "Content-Type") == "");
}

BOOST_AUTO_TEST_CASE(ascii_case_only)
{
    BOOST_TEST(oauth::detail::ascii_iequal("AZaz09-[", "azAZ09-["));
    BOOST_TEST(!oauth::detail::ascii_iequal("[", "{"));   // differ by the same bit as letters do
    BOOST_TEST(!oauth::detail::ascii_iequal("@", "`"));
    BOOST_TEST(!oauth::detail::ascii_iequal("\xc9", "\xe9"));
    BOOST_TEST(!oauth::detail::ascii_iequal("a", "ab"));
}

BOOST_AUTO_TEST_CASE(starts_empty)
{
    oauth::http_request const request;
    BOOST_TEST((request.method == oauth::http_method::get));
    BOOST_TEST(request.url.empty());
    BOOST_TEST(request.fields.empty());
    BOOST_TEST(request.authorization.empty());
    BOOST_TEST(request.body.empty());
    BOOST_TEST(oauth::http_response().status == 0);
}

BOOST_AUTO_TEST_SUITE_END()
