#ifndef EXAMPLE_SUPPORT_GRAPH_FLOW_HPP
#define EXAMPLE_SUPPORT_GRAPH_FLOW_HPP

#include "automatic_browser.hpp"
#include "built_in_provider.hpp"
#include "exit_code.hpp"
#include "session_store.hpp"
#include "settings.hpp"
#include "settings_fault.hpp"
#include "settings_help.hpp"
#include "standard_output.hpp"
#include "tokens_under_way.hpp"
#include <oauth.hpp>
#include <exception>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace example {

using graph_flow = oauth::flow<careful_transport, session_store>;

/// The server that the settings name. Says so where an authority that names another tenant goes before TENANT_ID.
inline oauth::result<oauth::server_metadata> server_of(settings const& given)
{
    auto const generation = given.v1 ? oauth::microsoft::version::v1 : oauth::microsoft::version::v2;
    if (given.authority.empty()) return oauth::microsoft::authority("https://login.microsoftonline.com", given.tenant_id, generation);
    auto const server = oauth::microsoft::authority(given.authority, given.tenant_id, generation);
    if (server.has_error() || given.tenant_id.empty() || names_tenant(given.authority, given.tenant_id)) return server;
    auto const of_another = oauth::microsoft::authority(given.authority, "another.example", generation);
    if (of_another.has_value() && of_another->token_endpoint == server->token_endpoint)
        std::cerr << "TENANT_ID (" << oauth::escaped(given.tenant_id, 64) << ") is not used: the authority says whom to ask, " << server->token_endpoint.url() << "\n\n";
    return server;
}

/// Say that the built-in provider is asked, and who can sign in there.
inline void announce(built_in_provider const& provider, settings const& given)
{
    std::cerr << "No settings: the built-in identity provider at " << provider.origin() << " plays Microsoft. See --help for the real one.\n";
    if (!provider.account().empty() && !is_automatic(given)) std::cerr << "Sign in as " << provider.account() << "; any password does. No browser here? With --auto a built-in user agent signs in.\n";
    std::cerr << "It ends with this program: nothing is kept.\n\n";
}

/// The same server, or the built-in one.
inline oauth::result<oauth::server_metadata> server_of(settings const& given, std::optional<built_in_provider> const& provider)
{
    if (!provider) return server_of(given);
    announce(*provider, given);
    return oauth::microsoft::authority(provider->origin(), built_in_provider::tenant);
}

/// Scheme and host of the Graph to call, where it is not the built-in one.
inline oauth::result<std::string> graph_url_of(settings const& given, oauth::server_metadata const& server)
{
    if (!given.graph.empty())
    {
        auto const named = oauth::endpoint::parse(given.graph);
        if (named.has_error()) return named.error();
        return std::string(named->origin());
    }
    // The token of AD FS, say, is no business of Microsoft's Graph.
    if (server.default_resource.empty()) return oauth::failure(oauth::errc::missing_endpoint, oauth::advice::fix_configuration, "no Graph is known for this authority: name it by --graph");
    return server.default_resource.substr(0, server.default_resource.find_last_not_of('/') + 1);
}

/// What the token is for, where that has to be said: what the settings name; else Graph, at a server of Microsoft's that asks by resource. AD FS has no Graph: there it is nothing.
inline std::string resource_of(settings const& given, oauth::server_metadata const& server)
{
    bool const graph = given.resource.empty() && server.asks_by_resource && !server.default_resource.empty();
    return graph ? graph_url_of(given, server).value() : given.resource;
}

/// A flow against Microsoft, or against the built-in provider when nothing is set. The code path is the same; endpoints and registration differ, and where sessions are kept: the built-in
/// provider ends with the program, so that its are kept in memory.
class graph_client
{
    std::optional<built_in_provider> provider_;
    std::optional<graph_flow> flow_;
    std::shared_ptr<tokens_under_way> under_way_ = std::make_shared<tokens_under_way>();
    oauth::result<std::string> graph_url_ = std::string();
    bool automatic_ = false;

public:
    graph_flow& flow() { return *flow_; }
    bool built_in() const { return provider_.has_value(); }

    /// The user is a built-in one: nobody is at the terminal, or --auto was said.
    bool automatic() const { return automatic_; }

    /// Scheme and host of the Graph to call.
    oauth::result<std::string> const& graph_url() const { return graph_url_; }

    /// Set up as `given` says. Fails with what is wrong in it. @throws oauth::error where client or store settings are not fit for use.
    oauth::result<void> set_up(settings const& given)
    {
        if (given.built_in())
        {
            provider_.emplace();
            automatic_ = is_automatic(given);
            graph_url_ = provider_->origin();
            auto const server = server_of(given, provider_);
            if (server.has_error()) return server.error();
            flow_.emplace(*server, built_in_provider::registration(given.scope), transport_to(*server, given), session_store{under_way_});
            return {};
        }
        auto const server = server_of(given);
        if (server.has_error()) return server.error();
        graph_url_ = graph_url_of(given, *server);
        oauth::client who{.id = given.client_id, .secret = given.client_secret, .redirect_uri = given.redirect_uri, .scope = given.scope, .resource = resource_of(given, *server)};
        flow_.emplace(*server, std::move(who), transport_to(*server, given), session_store{given.store, under_way_});
        return {};
    }

    /// Sign the user in: by itself, by a redirect to this machine, or by pasting.
    oauth::result<oauth::signed_in> sign_in(settings const& given)
    {
        oauth::authorization_options const options{.prompt = given.prompt, .response_mode = given.response_mode};
        if (automatic_) return flow_->sign_in(automatic_browser{}, oauth::loopback_receiver{}, options);
        if (given.no_browser) return sign_in(oauth::printing_browser{}, given, options);
        return sign_in(oauth::announcing_browser{}, given, options);
    }

    /// Are there no tokens before the user has signed in, or has granted something? Says so where it comes as a surprise.
    bool needs_user(oauth::failure const& why)
    {
        // Tokens that were refused are on their way to no store.
        under_way_->end();
        if (why.code == oauth::errc::no_session) return true;
        bool const consent = why.next == oauth::advice::consent;
        if (!consent && why.next != oauth::advice::sign_in_again) return false;
        bool const unreadable = why.code == oauth::errc::store_unreadable;
        std::cerr << (consent ? "A permission has to be granted: " : unreadable ? "The session that was kept is lost: " : "The session has ended: ") << why << "\n\n";
        return true;
    }

private:
    careful_transport transport_to(oauth::server_metadata const& server, settings const& given) const
    {
        return {oauth::beast_transport{{.ca_file = given.ca_file}}, server.token_endpoint, under_way_};
    }

    template <oauth::browser Browser>
    oauth::result<oauth::signed_in> sign_in(Browser browser, settings const& given, oauth::authorization_options const& options)
    {
        bool const received = kind_of_redirect(flow_->registration().redirect_uri) == redirect_kind::loopback;
        if (received && !given.paste) return flow_->sign_in(std::move(browser), oauth::loopback_receiver{}, options);
        return paste(std::move(browser), options);
    }

    /// As flow.sign_in(browser, oauth::pasted{}) does it, but step by step: so it can say what is wrong with what was pasted, and when no state came with it.
    template <oauth::browser Browser>
    oauth::result<oauth::signed_in> paste(Browser browser, oauth::authorization_options const& options)
    {
        // Nobody is to sign in for tokens that can't be kept.
        if (auto const writable = flow_->probe(); writable.has_error()) return writable.error();
        auto pending = flow_->authorize(options);
        if (pending.has_error()) return pending.error();
        if (auto const opened = browser.open(pending->url); opened.has_error()) return opened.error();

        oauth::pasted receiver;
        if (auto const ready = receiver.prepare(pending->redirect_uri); ready.has_error()) return ready.error();
        bool state_checked = true;
        auto const came = receiver.receive([&](std::string_view text) {
            auto const answer = oauth::parse_authorization_response(text, *pending);
            if (answer.has_value()) state_checked = answer->state_checked;
            else std::cerr << answer.error() << "\n\n";
            return answer.has_value() ? oauth::reception::granted
                 : answer.error().code.category() == oauth::server_category() || answer.error().code == oauth::errc::sign_in_cancelled ? oauth::reception::refused
                                                                                                                                     : oauth::reception::stranger;
        });
        if (came.has_error()) return came.error();
        if (!state_checked) std::cerr << "Only a code was pasted: its state could not be checked, so nothing but PKCE ties it to this sign-in. Better paste the whole URL.\n\n";
        return flow_->exchange(std::move(*pending), *came);
    }
};

/// Read the settings, print the help or run the program, and say what went wrong.
template <class Run>
int run_with_settings(int count, char** words, program const& of, Run run)
{
    auto given = read_settings(count, words, of);
    if (!given) return wrong_settings;
    if (given->help)
    {
        print_out(help_of(of));   // what becomes of it is looked at in the end
        return succeeded;
    }
    if (!complete(*given, of)) return wrong_settings;
    if (auto const fault = settings_fault(*given, of); !fault.empty())
    {
        std::cerr << fault << '\n';
        return wrong_settings;
    }
    try
    {
        return run(*given);
    }
    catch (oauth::error const& e)
    {
        return report(e.why());
    }
    catch (std::exception const& e)
    {
        std::cerr << "Failed: " << e.what() << '\n';
        return failed;
    }
}

/// The same, as what a program is: it does not end well where what it has printed was not written.
template <class Run>
int run_program(int count, char** words, program const& of, Run run)
{
    if (!prepare_standard_streams())
    {
        std::cerr << "Failed: standard output is closed; to do without what is printed, send it to /dev/null\n";
        return not_printed;
    }
    int const status = run_with_settings(count, words, of, std::move(run));
    if (print_out()) return status;
    std::cerr << output_failure() << '\n';
    return not_printed;
}

} // namespace example

#endif
