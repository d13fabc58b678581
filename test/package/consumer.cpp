// A user's program: it needs the headers, Boost.JSON, Boost.URL and OpenSSL through the package, and nothing else.
#include <oauth.hpp>
#include <iostream>

int main()
{
    auto const good = oauth::endpoint::parse("https://login.example/token");
    auto const bad = oauth::endpoint::parse("http://login.example/token");
    oauth::flow<oauth::beast_transport, oauth::memory_store>* const named = nullptr;
    bool const right = good.has_value() && bad.has_error() && named == nullptr;
    std::cout << (right ? "oauth is usable\n" : "oauth is not usable\n");
    return right ? 0 : 1;
}
