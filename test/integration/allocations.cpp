// How often memory is asked for on the paths that must be cheap: a token from memory not at all, an authorization URL once.

#include <oauth/flow/flow.hpp>
#include <oauth/request/authorization_request.hpp>
#include <oauth/request/client_credentials.hpp>
#include <oauth/request/on_behalf_of.hpp>
#include <oauth/request/token_exchange.hpp>
#include <oauth/testing/scripted_transport.hpp>
#include <boost/test/unit_test.hpp>
#include "../support/flow_fixture.hpp"
#include <chrono>
#include <cstddef>
#include <cstdlib>
#include <new>
#include <string>

namespace {

thread_local std::size_t allocations = 0;

template <class Work>
std::size_t allocations_of(Work work)
{
    auto const before = allocations;
    work();
    return allocations - before;
}

void* counted(std::size_t size)
{
    ++allocations;
    if (void* const memory = std::malloc(size == 0 ? 1 : size)) return memory;
    throw std::bad_alloc();
}

void* counted(std::size_t size, std::align_val_t alignment)
{
    ++allocations;
    auto const unit = static_cast<std::size_t>(alignment);
    if (void* const memory = std::aligned_alloc(unit, (size + unit - 1) / unit * unit)) return memory;
    throw std::bad_alloc();
}

} // namespace

void* operator new(std::size_t size) { return counted(size); }
void* operator new[](std::size_t size) { return counted(size); }
void* operator new(std::size_t size, std::align_val_t alignment) { return counted(size, alignment); }
void* operator new[](std::size_t size, std::align_val_t alignment) { return counted(size, alignment); }
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete[](void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::align_val_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::align_val_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::size_t, std::align_val_t) noexcept { std::free(memory); }

using namespace oauth;
using namespace oauth::test;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(allocations_of_the_cheap_paths)

BOOST_AUTO_TEST_CASE(are_counted)
{
    BOOST_TEST(allocations_of([] { delete new int(1); }) == 1U);
    BOOST_TEST(allocations_of([] { std::string const text(100, 'x'); }) == 1U);
}

BOOST_AUTO_TEST_CASE(a_token_from_memory)
{
    flow_fixture here;
    account const ann{"an account whose key is longer than any small string"};
    here.sign_in().value();
    here.sign_in(ann).value();
    access_token_query const scope{.scope = "Mail.Read openid offline_access profile"}, life{.minimum_life = 60s};
    bool good = true;
    auto const check = [&good](auto const& token) { good = good && token.has_value() && !token->empty(); };
    BOOST_TEST(allocations_of([&] { check(here.graph.access_token()); }) == 0U);
    BOOST_TEST(allocations_of([&] { check(here.graph.access_token(ann)); }) == 0U);
    BOOST_TEST(allocations_of([&] { check(here.graph.access_token(scope)); }) == 0U);
    BOOST_TEST(allocations_of([&] { check(here.graph.access_token(ann, life)); }) == 0U);
    BOOST_TEST(good);
    BOOST_TEST(here.server.refresh_count() == 0U);

    // The measure itself: a renewal does allocate.
    here.let_it_expire();
    BOOST_TEST(allocations_of([&] { check(here.graph.access_token()); }) > 0U);
    BOOST_TEST(good);
}

BOOST_AUTO_TEST_CASE(a_grant_s_token_from_memory)
{
    using testing::scripted_transport;
    std::string const api = "https://api.example/with a name that no small string holds";
    account const who{"an account whose key is longer than any small string"};
    server_metadata server;
    server.token_endpoint = "https://login.example/token";
    scripted_transport line;
    flow<scripted_transport, memory_store, testing::manual_clock> graph{server, example_client(), line};
    auto const allocated = [&](auto const& grant) {
        line.expect_post("https://login.example/token").reply(200, R"({"token_type":"Bearer","expires_in":3600,"access_token":"a"})");
        graph.access_token(grant, who).value();
        bool good = true;
        auto const count = allocations_of([&] { good = graph.access_token(grant, who).has_value(); });
        BOOST_TEST((good && line.done()), line.report());
        return count;
    };
    BOOST_TEST(allocated(client_credentials{.scope = "Mail.Read Calendars.Read Files.Read", .resource = api, .claims = R"({"access_token":{"xms_cc":null}})"}) == 0U);
    BOOST_TEST(allocated(on_behalf_of{.assertion = secret(api), .scope = "Mail.Read", .resource = api}) == 0U);
    BOOST_TEST(allocated(token_exchange{.subject_token = secret(api), .scope = "Mail.Send", .resource = api}) == 0U);
    // What else it says has to be put together.
    BOOST_TEST(allocated(client_credentials{.scope = "Mail.Read", .extra = {{"audience", api}}}) > 0U);
}

BOOST_AUTO_TEST_CASE(an_authorization_url)
{
    flow_fixture here;
    authorization_request const request(here.server.metadata(), example_client());
    authorization_options const plain, full{.scope = "openid Mail.Read Mail.Send Calendars.Read", .prompt = "select_account", .login_hint = "alex@contoso.example",
                                            .domain_hint = "organizations", .response_mode = "form_post", .claims = R"({"access_token":{"x":null}})",
                                            .redirect_uri = "http://localhost:12345/", .extra = {{"a parameter", "its value"}}};
    std::string const state(43, 's'), challenge(43, 'c'), nonce(43, 'n');
    std::string url;
    BOOST_TEST(allocations_of([&] { url = request.url(state, challenge, "", plain); }) == 1U);
    BOOST_TEST(url.find("&state=" + state) != url.npos);
    BOOST_TEST(allocations_of([&] { url = request.url(state, challenge, nonce, full); }) == 1U);
    BOOST_TEST(url.find("&nonce=" + nonce) != url.npos);
}

BOOST_AUTO_TEST_SUITE_END()
