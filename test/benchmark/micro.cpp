// Each operation of the library beside its hand-written baseline.
//   micro [google-benchmark flags]     times and allocations
//   micro --list                       the operations, one a line
//   micro --count N                    run each N times, under valgrind --tool=callgrind, which writes down what each took
//   micro --allocations OPERATION      how often it allocates
//   micro --nanoseconds OPERATION      the shortest that it took, on the average of a thousand calls, of all that fit into two seconds

#include "baselines.hpp"
#include <oauth/core/pkce.hpp>
#include <oauth/flow/flow.hpp>
#include <oauth/oidc/check_id_token.hpp>
#include <oauth/policy/store/memory_store.hpp>
#include <oauth/provider/microsoft.hpp>
#include <oauth/request/authorization_request.hpp>
#include <oauth/response/decode_token_response.hpp>
#include <oauth/testing/manual_clock.hpp>
#include <benchmark/benchmark.h>
#include <valgrind/callgrind.h>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <iterator>
#include <new>
#include <string>
#include <string_view>
#include <vector>

namespace {

std::size_t allocations = 0;

} // namespace

[[gnu::noinline]] void* operator new(std::size_t size)
{
    ++allocations;
    if (void* const memory = std::malloc(size)) return memory;
    throw std::bad_alloc();
}
[[gnu::noinline]] void operator delete(void* memory) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

namespace {

template <class T>
void keep(T const& value)
{
    benchmark::DoNotOptimize(&value);
    benchmark::ClobberMemory();
}

std::string body(std::string_view size)
{
    std::ifstream file(OAUTH_BENCHMARK_BODIES "/" + std::string(size) + ".json", std::ios::binary);
    std::string text{std::istreambuf_iterator<char>(file), {}};
    if (text.empty())
    {
        std::cerr << "there is no body of " << size << " bytes\n";
        std::exit(2);
    }
    return text;
}

oauth::http_response answer(std::string_view size) { return {200, {{"Content-Type", "application/json; charset=utf-8"}}, oauth::secret(body(size))}; }

oauth::client registration()
{
    return {.id = std::string(baseline::client_id), .secret = oauth::secret(baseline::client_secret), .redirect_uri = std::string(baseline::redirect_uri), .scope = baseline::scope};
}

void url_baseline() { keep(baseline::authorize_url()); }

void url()
{
    static auto const server = oauth::microsoft::v2("11111111-2222-3333-4444-555555555555");
    static auto const who = registration();
    static oauth::authorization_request const request(server, who);
    static oauth::authorization_options const options{.prompt = std::string(baseline::prompt), .login_hint = std::string(baseline::login_hint)};
    keep(request.url(baseline::state, baseline::challenge, baseline::nonce, options));
}

void form_baseline() { keep(baseline::form_body()); }

void form()
{
    static auto const who = registration();
    static oauth::authorization_code const grant{oauth::secret(baseline::code), std::string(baseline::redirect_uri), oauth::secret(baseline::verifier), baseline::scope};
    static oauth::server_metadata const server;
    auto made = oauth::token_request_body(grant);
    oauth::http_request request;
    static_cast<void>(oauth::client_secret_post().authenticate(request, made, who, server, {}));
    keep(made.release());
}

template <int Size>
void decode_baseline()
{
    static std::string const text = body(std::to_string(Size));
    keep(baseline::decode(text));
}

template <int Size>
void decode()
{
    static auto const response = answer(std::to_string(Size));
    auto const tokens = oauth::decode_token_response(response);
    if (tokens.has_error()) std::abort();
    keep(*tokens);
}

void random_baseline() { keep(baseline::random_parts()); }

void random()
{
    static oauth::openssl_entropy source;
    std::array<std::byte, 96> bytes;
    if (source.fill(bytes).has_error()) std::abort();
    char state[43], nonce[43];
    oauth::base64url_encode(std::span<std::byte const>(bytes).first(32), state);
    oauth::base64url_encode(std::span<std::byte const>(bytes).subspan(32, 32), nonce);
    keep(state);
    keep(nonce);
    keep(oauth::pkce::from_random(std::span<std::byte const, 96>(bytes).subspan<64, 32>()));
}

/// Answers every request with the same tokens, which are for all that was asked for.
struct canned_transport
{
    oauth::result<oauth::http_response> send(oauth::http_request)
    {
        auto const granted = "{\"token_type\":\"Bearer\",\"expires_in\":3599,\"access_token\":\"token\",\"scope\":\"" + std::string(baseline::scope) + "\"}";
        return oauth::http_response{200, {{"Content-Type", "application/json"}}, oauth::secret(granted)};
    }
};

// What a cached token costs at the least: look at the clock, take a reader's lock, find the account, share the token.
void cached_baseline()
{
    static std::shared_mutex mutex;
    static std::unordered_map<std::string, std::shared_ptr<oauth::issued_token const>> const tokens{
        {"default", std::make_shared<oauth::issued_token const>(oauth::issued_token{.expires_at = oauth::time_point::max()})}};
    static std::string const key = "default";
    std::shared_lock const reading(mutex);
    auto token = tokens.find(key)->second;
    if (oauth::system_clock().now() + oauth::seconds(300) >= token->expires_at) std::abort();
    keep(token);
}

/// A user has signed in, and has granted all that the baseline's scope says.
auto signed_in(oauth::client who = registration())
{
    auto made = std::make_unique<oauth::flow<canned_transport>>(oauth::microsoft::v2("contoso.onmicrosoft.com"), std::move(who), canned_transport{});
    if (made->obtain(oauth::authorization_code{oauth::secret("code"), "", oauth::secret(), baseline::scope}).has_error()) std::abort();
    return made;
}

void must_be_cached(oauth::result<oauth::access_token> const& token)
{
    if (token.has_error()) std::abort();
    keep(*token);
}

// For the very scope that the token was asked with.
void cached()
{
    static auto const graph = signed_in();
    must_be_cached(graph->access_token());
}

// For one of the five that were granted, by its short name.
void cached_subset()
{
    static auto const graph = signed_in();
    static oauth::access_token_query const query{.scope = "Mail.Send"};
    must_be_cached(graph->access_token(query));
}

// Without a scope, where the registration names all of them in other words than the sign-in did.
void cached_no_scope()
{
    static auto const graph = [] {
        auto who = registration();
        who.scope = "offline_access User.Read Mail.Read Mail.Send Calendars.Read Files.ReadWrite";
        return signed_in(std::move(who));
    }();
    must_be_cached(graph->access_token());
}

/// An ID token as large as Entra's, and the key that it is signed with.
struct signed_token
{
    boost::json::value const file = boost::json::parse(body("id_token"));
    std::string const token{file.at("id_token").as_string()};
    std::string const key = boost::json::serialize(file.at("key"));
    std::string const modulus = baseline::from_base64url(std::string(file.at("key").at("n").as_string()));
    std::string const exponent = baseline::from_base64url(std::string(file.at("key").at("e").as_string()));
    std::string_view const signed_part = std::string_view(token).substr(0, token.rfind('.'));
    std::string const signature = baseline::from_base64url(std::string_view(token).substr(signed_part.size() + 1));
};

signed_token const& id_token()
{
    static signed_token const value;
    return value;
}

void verify_baseline()
{
    static EVP_PKEY* const key = baseline::rsa_key(id_token().modulus, id_token().exponent);
    if (!baseline::verify(key, id_token().signed_part, id_token().signature)) std::abort();
}

// From the token's text to its claims, all of which are checked, with the key set at hand.
void verify()
{
    static oauth::jwk_set const keys({oauth::jwk::parse(id_token().key).value()});
    static oauth::id_token_expectations const expected{.issuer = "https://login.microsoftonline.com/{tenantid}/v2.0", .client_id = "55555555-aaaa-4bbb-8ccc-666666666666",
                                                       .nonce = "n-0S6_WzA2MjBXbHc3ZGF0YXNlY3JldG5vbmNlMTIzNDU"};
    auto const token = oauth::check_id_token(id_token().token, keys, expected, oauth::time_point(oauth::seconds(1767323045)));
    if (token.has_error()) std::abort();
    keep(*token);
}

void jwk_baseline()
{
    EVP_PKEY* const key = baseline::rsa_key(id_token().modulus, id_token().exponent);
    keep(key);
    EVP_PKEY_free(key);
}

// From the key's text.
void jwk()
{
    auto const key = oauth::jwk::parse(id_token().key);
    if (key.has_error()) std::abort();
    keep(*key);
}

struct operation
{
    std::string_view name;
    void (*run)();
};

constexpr operation operations[] = {
    {"url/baseline", url_baseline},
    {"url/oauth", url},
    {"form/baseline", form_baseline},
    {"form/oauth", form},
    {"decode_206/baseline", decode_baseline<206>},
    {"decode_206/oauth", decode<206>},
    {"decode_1526/baseline", decode_baseline<1526>},
    {"decode_1526/oauth", decode<1526>},
    {"decode_4640/baseline", decode_baseline<4640>},
    {"decode_4640/oauth", decode<4640>},
    {"random/baseline", random_baseline},
    {"random/oauth", random},
    {"verify/baseline", verify_baseline},
    {"verify/oauth", verify},
    {"jwk/baseline", jwk_baseline},
    {"jwk/oauth", jwk},
    {"cached/baseline", cached_baseline},
    {"cached/oauth", cached},
    {"cached_subset/baseline", cached_baseline},
    {"cached_subset/oauth", cached_subset},
    {"cached_no_scope/baseline", cached_baseline},
    {"cached_no_scope/oauth", cached_no_scope},
};

std::size_t allocations_of(operation const& what)
{
    what.run();
    auto const before = allocations;
    what.run();
    return allocations - before;
}

// What disturbs a machine only ever makes a call longer, so that the shortest is the one that says most about the code.
double nanoseconds_of(operation const& what)
{
    using clock = std::chrono::steady_clock;
    what.run();
    double best = 1e300;
    for (auto const begin = clock::now(); clock::now() - begin < std::chrono::seconds(2);)
    {
        constexpr int calls = 1000;
        auto const started = clock::now();
        for (int i = 0; i < calls; ++i) what.run();
        best = std::min(best, std::chrono::duration<double, std::nano>(clock::now() - started).count() / calls);
    }
    return best;
}

/// Each operation in a dump of its own, named after it. What comes before the first call, such as setting up, is left out.
void count_all(long times)
{
    for (auto const& each : operations)
    {
        each.run();
        CALLGRIND_ZERO_STATS;
        for (long n = times; n > 0; --n) each.run();
        CALLGRIND_DUMP_STATS_AT(each.name.data());
    }
}

void measure(benchmark::State& state, operation const& what)
{
    what.run();
    for (auto _ : state) what.run();
    state.counters["allocations"] = static_cast<double>(allocations_of(what));
}

} // namespace

int main(int count, char** words)
{
    std::string_view const verb = count > 1 ? words[1] : "";
    if (verb == "--list")
    {
        for (auto const& each : operations) std::cout << each.name << '\n';
        return 0;
    }
    if (verb == "--count" && count == 3) return count_all(std::atol(words[2])), 0;
    if ((verb == "--allocations" || verb == "--nanoseconds") && count == 3)
    {
        auto const named = std::find_if(std::begin(operations), std::end(operations), [words](operation const& each) { return each.name == words[2]; });
        if (named == std::end(operations)) return std::cerr << "no such operation; see --list\n", 2;
        if (verb == "--allocations") std::cout << allocations_of(*named) << '\n';
        else std::cout << nanoseconds_of(*named) << '\n';
        return 0;
    }
    for (auto const& each : operations) benchmark::RegisterBenchmark(std::string(each.name).c_str(), [&each](benchmark::State& state) { measure(state, each); });
    benchmark::Initialize(&count, words);
    benchmark::RunSpecifiedBenchmarks();
}
