#include <oauth/request/authorization_request.hpp>
#include <oauth/request/authorization_code.hpp>
#include <oauth/response/decode_token_response.hpp>
#include <boost/test/unit_test.hpp>
#include "../support/fixture.hpp"
#include <atomic>
#include <cstddef>
#include <cstdlib>
#include <new>
#include <string>

namespace {

std::atomic<long> allocations{0};

template <class Action>
long count_allocations(Action action)
{
    auto const before = allocations.load();
    action();
    return allocations.load() - before;
}

} // namespace

// A program of its own, since these are replaced for all of it.
void* operator new(std::size_t size)
{
    ++allocations;
    if (void* const made = std::malloc(size == 0 ? 1 : size)) return made;
    throw std::bad_alloc();
}

void operator delete(void* made) noexcept { std::free(made); }
void operator delete(void* made, std::size_t) noexcept { std::free(made); }

BOOST_AUTO_TEST_SUITE(allocations_of_the_sans_io_core)

BOOST_AUTO_TEST_CASE(one_for_an_authorize_url)
{
    oauth::server_metadata const server{.authorization_endpoint = "https://login.microsoftonline.com/contoso.onmicrosoft.com/oauth2/v2.0/authorize"};
    oauth::client const who{.id = "55555555-aaaa-4bbb-8ccc-666666666666", .redirect_uri = "http://localhost:8400/", .scope = "openid offline_access Bookings.ReadWrite.All"};
    oauth::authorization_request const request(server, who);
    oauth::authorization_options const plain, full{.scope = oauth::scope("openid User.Read"), .prompt = "select_account", .login_hint = "alex@contoso.example", .domain_hint = "organizations",
                                                   .response_mode = "form_post", .claims = R"({"access_token":{"xms_cc":{"values":["cp1"]}}})", .resource = "https://graph.microsoft.com",
                                                   .redirect_uri = "http://localhost:50123/", .extra = {{"client_info", "1"}}};
    std::string const random(43, 'x');
    for (auto const* options : {&plain, &full})
    {
        std::string url;
        BOOST_TEST(count_allocations([&] { url = request.url(random, random, random, *options); }) == 1);
        BOOST_TEST(url.size() > 300u);
    }
}

BOOST_AUTO_TEST_CASE(one_for_a_form_body)
{
    oauth::authorization_code const grant{oauth::secret(std::string(705, 'c')), "http://localhost:8400/", oauth::secret(std::string(43, 'v'))};
    std::size_t size = 0;
    BOOST_TEST(count_allocations([&] { size = oauth::token_request_body(grant).str().size(); }) == 1);
    BOOST_TEST(size > 750u);
}

BOOST_AUTO_TEST_CASE(one_for_each_text_of_an_answer_that_is_longer_than_fits_a_string)
{
    struct row
    {
        char const* file;
        long texts;
    };
    for (auto const& [file, texts] : {
             row{"v2_client_credentials_success", 1},      // access_token
             row{"v2_authcode_success", 5},                // access_token, refresh_token, id_token, scope, client_info
             row{"v1_authcode_success_strings", 5},        // access_token, refresh_token, id_token, scope, resource; the numbers in strings take none
         })
    {
        oauth::http_response const response{200, {{"Content-Type", "application/json"}}, oauth::secret(test_support::fixture("microsoft/" + std::string(file) + ".json"))};
        bool good = false;
        auto const counted = count_allocations([&] { good = oauth::decode_token_response(response).has_value(); });
        BOOST_TEST(good);
        BOOST_TEST(counted == texts, file << ": " << counted);
    }
}

BOOST_AUTO_TEST_SUITE_END()
