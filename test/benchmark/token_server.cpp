// A token endpoint for the whole-program benchmark: answers every POST with the same body, until it is ended.
//   token_server BODY     prints its port

#include <oauth/testing/loopback_server.hpp>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>

int main(int count, char** words)
{
    std::ifstream file(count > 1 ? words[1] : "", std::ios::binary);
    std::string const body{std::istreambuf_iterator<char>(file), {}};
    if (body.empty())
    {
        std::cerr << "usage: token_server BODY\n";
        return 2;
    }
    oauth::testing::loopback_server server{[&body](oauth::http_request const&) {
        return oauth::http_response{200, {{"Content-Type", "application/json; charset=utf-8"}, {"Cache-Control", "no-store"}}, oauth::secret(body)};
    }};
    std::cout << server.origin().substr(server.origin().rfind(':') + 1) << std::endl;
    std::cin.get();   // till the benchmark closes the pipe
}
