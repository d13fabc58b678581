#ifndef OAUTH_TEST_SUPPORT_EXAMPLE_SERVER_HPP
#define OAUTH_TEST_SUPPORT_EXAMPLE_SERVER_HPP

#include <oauth/policy/transport/beast_transport.hpp>
#include <oauth/testing/authorization_server.hpp>
#include <oauth/testing/graph_server.hpp>
#include <oauth/testing/loopback_server.hpp>
#include <oauth/testing/user_agent.hpp>
#include "example_program.hpp"
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace oauth::test {

/// What the example programs take for Microsoft and its Graph, on a loopback port of this process; and the user, who signs in there.
class example_server
{
    using substitute = std::shared_ptr<std::function<std::optional<http_response>(http_request const&)>>;

    struct handler
    {
        testing::authorization_server<> identity;
        testing::graph_server<> graph;
        substitute instead, of_tokens;

        http_response operator()(http_request const& request) const
        {
            bool const of_graph = request.url.target().starts_with("/v1.0/");
            bool const of_token = request.url.target().ends_with("/token");
            for (auto const& [here, other] : {std::pair(of_graph, &instead), {of_token, &of_tokens}})
                if (here && **other)
                    if (auto answer = (**other)(request)) return std::move(*answer);
            return of_graph ? graph.handle(request) : identity.handle(request);
        }
    };

    static testing::authorization_server_options with_client(testing::authorization_server_options options)
    {
        options.tenant = "contoso.onmicrosoft.com";
        options.clients = {{.id = "the-program", .redirect_uris = {"http://localhost/"}}};
        return options;
    }

public:
    testing::authorization_server<> identity;
    testing::graph_server<> graph;

    /// Answers in Graph's place where it is set and gives an answer. Set it while nobody asks.
    substitute instead = std::make_shared<substitute::element_type>();

    /// The same in the place of the token endpoint.
    substitute of_tokens = std::make_shared<substitute::element_type>();

private:
    testing::loopback_server<handler> line_;

public:
    explicit example_server(testing::authorization_server_options options = {}, testing::graph_server_options of_graph = {})
        : identity(with_client(std::move(options))), graph(identity, std::move(of_graph)), line_(handler{identity, graph, instead, of_tokens})
    {
        identity.set_origin(line_.origin());
        graph.set_origin(line_.origin());
    }

    std::string origin() const { return line_.origin(); }

    /// How to run an example against this server: one that takes no other flags than these and those of `more`.
    std::vector<std::string> words_of(std::string name, std::vector<std::string> more) const
    {
        std::vector<std::string> out{std::move(name), "--authority", line_.origin() + "/contoso.onmicrosoft.com", "--client-id", "the-program"};
        out.insert(out.end(), more.begin(), more.end());
        return out;
    }

    /// The same for 01 and 02, with the session kept in `store`.
    std::vector<std::string> words(std::string name, std::string store, std::vector<std::string> more = {}) const
    {
        auto out = words_of(std::move(name), {"--redirect-uri", "http://localhost/", "--graph", line_.origin(), "--no-browser", "--store", std::move(store)});
        out.insert(out.end(), more.begin(), more.end());
        return out;
    }

    /// Sign in at `url`, or cancel, and go where the browser is sent. Returns where that was, and what was posted there.
    static testing::redirected sign_in(std::string const& url, testing::user_choice choice = testing::user_choice::accept)
    {
        beast_transport line;
        auto const end = testing::user_agent(line).sign_in(url, choice).value();
        http_request last{.url = end.url.substr(0, end.url.find('#'))};
        if (!end.form.empty())
        {
            last.method = http_method::post;
            last.fields = {{"Content-Type", "application/x-www-form-urlencoded"}};
            last.body = secret(std::string_view(end.form));
        }
        BOOST_TEST(line.send(last).value().status == 200);
        return end;
    }

    /// Run an example that asks for a sign-in, up to its good end.
    testing::redirected sign_in(scratch_folder const& home, std::vector<std::string> const& with) const
    {
        example_program program(home, example_program::place::pipes, with);
        auto const url = program.url();
        BOOST_TEST_REQUIRE(!url.empty(), program.messages());
        auto const end = sign_in(url);
        BOOST_TEST(program.status() == 0, program.messages());
        return end;
    }
};

} // namespace oauth::test

#endif
