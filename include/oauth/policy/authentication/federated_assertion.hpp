#ifndef OAUTH_POLICY_AUTHENTICATION_FEDERATED_ASSERTION_HPP
#define OAUTH_POLICY_AUTHENTICATION_FEDERATED_ASSERTION_HPP

#include <oauth/core/detail/wipe.hpp>
#include <oauth/core/secret.hpp>
#include <oauth/policy/authentication/detail/client_assertion.hpp>
#include <oauth/policy/client_authentication.hpp>
#include <cerrno>
#include <concepts>
#include <cstdio>
#include <memory>
#include <string>
#include <utility>

namespace oauth {

/// Gives the assertion that somebody else has issued: `result<secret> source()`, called before each request, by several threads if the flow is.
template <class S>
concept assertion_source = std::move_constructible<S> && requires(S& source) {
    { source() } -> std::same_as<result<secret>>;
};

/** An assertion that a file holds, which somebody renews: a Kubernetes service account token, or what `AZURE_FEDERATED_TOKEN_FILE` names. Read anew for each request; blanks around it
    are dropped.

    Fails with errc::key_unreadable where the file can't be read, is empty or is larger than 64 KiB; the hint names it.
*/
class assertion_file
{
    std::string path_;

public:
    explicit assertion_file(std::string path) : path_(std::move(path)) {}

    result<secret> operator()() const
    {
        auto const failed = [this](char const* why) { return failure(errc::key_unreadable, advice::fix_configuration, path_ + ": " + why); };
        struct closing
        {
            void operator()(std::FILE* file) const noexcept { std::fclose(file); }
        };
        std::unique_ptr<std::FILE, closing> const file(std::fopen(path_.c_str(), "rbe"));
        if (!file) return failed("the file with the client's assertion can't be opened");
        std::setvbuf(file.get(), nullptr, _IONBF, 0);   // so that no copy of the assertion stays in the stream's buffer
        std::string text(64 * 1024 + 1, '\0');
        text.resize(std::fread(text.data(), 1, text.size(), file.get()));
        bool const too_long = text.size() > 64 * 1024;
        bool const broken = std::ferror(file.get()) != 0;
        auto const begin = text.find_first_not_of(" \t\r\n");
        secret read(begin == text.npos ? std::string_view() : std::string_view(text).substr(begin, text.find_last_not_of(" \t\r\n") + 1 - begin));
        detail::wipe(text);
        if (broken) return failed("the file with the client's assertion can't be read");
        if (too_long) return failed("the file is too large to hold an assertion");
        if (read.empty()) return failed("the file with the client's assertion is empty");
        return read;
    }
};
static_assert(assertion_source<assertion_file>);

/** The client proves who it is by an assertion that another identity provider has issued to it: workload identity federation, without a secret of its own.

    @code
    char const* const file = std::getenv("AZURE_FEDERATED_TOKEN_FILE");
    if (file == nullptr) return fail("AZURE_FEDERATED_TOKEN_FILE is not set");
    oauth::flow workload{server, client, oauth::beast_transport{}, oauth::federated_assertion{oauth::assertion_file{file}}};
    oauth::flow other{server, client, oauth::beast_transport{}, oauth::federated_assertion{[]() -> oauth::result<oauth::secret> { return ask_the_platform(); }}};
    @endcode

    At Microsoft its audience must be `api://AzureADTokenExchange`.

    @par Errors
    What the source fails with; errc::key_unreadable where it gives an empty assertion.

    @par Thread safety
    As the source.

    @par Specification
    RFC 7521 4.2, RFC 7523 2.2
*/
template <assertion_source Source>
class federated_assertion
{
    Source source_;

public:
    explicit federated_assertion(Source source) : source_(std::move(source)) {}

    result<void> authenticate(http_request&, form& body, client const& who, server_metadata const&, time_point)
    {
        auto const assertion = source_();
        if (assertion.has_error()) return assertion.error();
        if (assertion->empty()) return failure(errc::key_unreadable, advice::fix_configuration, "the source of federated_assertion gave an empty one");
        detail::add_assertion(body, who, assertion->reveal());
        return {};
    }
};
static_assert(check_client_authentication<federated_assertion<assertion_file>>());

} // namespace oauth

#endif
