#ifndef EXAMPLE_SUPPORT_BUILT_IN_PROVIDER_HPP
#define EXAMPLE_SUPPORT_BUILT_IN_PROVIDER_HPP

#include <oauth/core/client.hpp>
#include <oauth/testing/authorization_server_options.hpp>
#include <memory>
#include <string>
#include <utility>

namespace example {

/// An identity provider on this machine that plays Microsoft's version 2, with a sign-in page, a consent page and a Graph. It forgets everything when the program ends.
class built_in_provider
{
    struct servers;   // compiled once for all examples
    std::string account_;
    std::unique_ptr<servers> servers_;

public:
    static constexpr char const* tenant = "contoso.onmicrosoft.com";

    static oauth::client registration(oauth::scope scope)
    {
        return {.id = "11111111-2222-4333-8444-555555555555", .redirect_uri = "http://localhost/", .scope = std::move(scope)};
    }

    /// @param options Without clients there is the one of @ref registration.
    explicit built_in_provider(oauth::testing::authorization_server_options options = {});

    built_in_provider(built_in_provider const&) = delete;
    built_in_provider& operator=(built_in_provider const&) = delete;
    ~built_in_provider();

    /// Whom its sign-in page proposes, with any password; "" where nobody signs in.
    std::string const& account() const { return account_; }

    std::string origin() const;
    std::string issuer() const;

    /// The next request to Graph gets a claims challenge.
    void challenge_next();
};

} // namespace example

#endif
