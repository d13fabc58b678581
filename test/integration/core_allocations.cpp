// How often memory is asked for when a token request is written and its answer is read.

#include <oauth/request/authorization_code.hpp>
#include <oauth/response/decode_token_response.hpp>
#include <boost/test/unit_test.hpp>
#include "../support/fixture.hpp"
#include <cstddef>
#include <cstdlib>
#include <new>
#include <string>

namespace {

thread_local long allocations = 0;

void* counted(std::size_t size)
{
    ++allocations;
    if (void* const memory = std::malloc(size == 0 ? 1 : size)) return memory;
    throw std::bad_alloc();
}

template <class Action>
long count_allocations(Action action)
{
    auto const before = allocations;
    action();
    return allocations - before;
}

} // namespace

// A program of its own, since these are replaced for all of it.
void* operator new(std::size_t size) { return counted(size); }
void* operator new[](std::size_t size) { return counted(size); }
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete[](void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::size_t) noexcept { std::free(memory); }

BOOST_AUTO_TEST_SUITE(allocations_of_requests_and_responses)

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
