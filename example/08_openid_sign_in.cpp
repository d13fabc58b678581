// Sign a user in with OpenID Connect, at any provider: its issuer is all that need be known. Who the user is stands in the ID token, whose signature, issuer, audience,
// times and nonce have been checked when flow.sign_in returns.
//
// With nothing set, a built-in identity provider is asked. --help tells what can be set.

#include "support/chosen_browser.hpp"
#include "support/graph_flow.hpp"
#include "support/show_identity.hpp"
#include <iostream>

namespace {

/// What there is to know of the server before it is asked: its issuer, and where its metadata is.
oauth::result<oauth::server_metadata> known_of(example::settings const& given, std::optional<example::built_in_provider>& provider)
{
    if (given.built_in())
    {
        example::announce(provider.emplace(), given);
        return oauth::openid_issuer(provider->issuer());
    }
    if (!given.issuer.empty()) return oauth::openid_issuer(given.issuer);
    return example::server_of(given);
}

int run(example::settings const& given)
{
    std::optional<example::built_in_provider> provider;
    auto const known = known_of(given, provider);
    if (known.has_error()) return example::report(known.error());

    oauth::beast_transport line{{.ca_file = given.ca_file}};
    auto const server = oauth::discover(line, *known);
    if (server.has_error()) return example::report(server.error());

    auto const who = given.built_in() ? example::built_in_provider::registration(given.scope)
                                      : oauth::client{.id = given.client_id, .secret = given.client_secret, .redirect_uri = given.redirect_uri, .scope = given.scope, .resource = given.resource};
    oauth::memory_flow flow{*server, who, std::move(line)};

    auto const signed_in = flow.sign_in(example::chosen_browser(given), oauth::loopback_receiver{}, {.prompt = given.prompt, .response_mode = given.response_mode});
    if (signed_in.has_error()) return example::report(signed_in.error());
    if (!signed_in->identity)
    {
        std::cerr << "Failed: the scope must have openid in it, or nobody says who the user is\n";
        return example::wrong_settings;
    }
    // To know the user again, keep issuer and subject. A name or an address may be another person's tomorrow.
    std::cout << "Signed in. The verified claims of the ID token:\n\n";
    example::show(std::cout, *signed_in->identity);

    if (!server->userinfo_endpoint.empty())
    {
        auto const more = flow.userinfo();   // of the same user, or it fails
        if (more.has_error()) return example::report(more.error());
        std::cout << "\nThe userinfo endpoint adds:\n\n";
        example::show(std::cout, *more);
    }

    if (!server->end_session_endpoint.empty())
    {
        // It holds the ID token, so that nobody else is signed out: keep such a URL out of logs.
        auto const end = oauth::logout_url(*server, who, {.id_token_hint = signed_in->id_token});
        if (end.has_error()) return example::report(end.error());
        std::cout << "\nTo sign out at the provider too, open\n\n  " << end->reveal() << '\n';
    }
    if (auto const forgotten = flow.forget(); forgotten.has_error()) return example::report(forgotten.error());
    return std::cout.flush() ? example::succeeded : example::failed;
}

constexpr char own_settings[] = R"(
settings of this program:
  --issuer URL           ISSUER          the provider's issuer, exactly as it writes it, such as https://accounts.google.com; without it TENANT_ID says
                                         which of Microsoft's
)";

} // namespace

int main(int count, char** words)
{
    using namespace example;
    constexpr char usage[] = "08_openid_sign_in [FLAGS]\n\nSigns a user in at an OpenID provider, and prints who it is.";
    return example::run_program(count, words, {.usage = usage, .scope = "openid profile", .does = has_secret | is_returned_to | asks_scope | has_users | opens_browser | is_answered, .own_settings = own_settings}, run);
}
