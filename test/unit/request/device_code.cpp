#include <oauth/request/device_code.hpp>
#include <boost/test/unit_test.hpp>
#include <string>

BOOST_AUTO_TEST_SUITE(request_device_code)

namespace {

std::string const grant_type = "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Adevice_code";

} // namespace

// RFC 8628 3.4; the client's id is added by its authentication.
BOOST_AUTO_TEST_CASE(example_of_rfc_8628)
{
    BOOST_TEST(oauth::token_request_body(oauth::device_code{oauth::secret("GmRhmhcxhwAzkoEqiMEg_DnyEysNkuNhszIySk9eS")}).str()
               == grant_type + "&device_code=GmRhmhcxhwAzkoEqiMEg_DnyEysNkuNhszIySk9eS");
}

BOOST_AUTO_TEST_CASE(with_claims)
{
    BOOST_TEST(oauth::token_request_body(oauth::device_code{oauth::secret("d"), {}, "{}"}).str() == grant_type + "&device_code=d&claims=%7B%7D");
}

// Entra v1 wants the resource again, and calls the code by another name.
BOOST_AUTO_TEST_CASE(of_entra_v1)
{
    BOOST_TEST(oauth::token_request_body(oauth::device_code{oauth::secret("d"), "https://graph.microsoft.com"}).str()
               == grant_type + "&device_code=d&resource=https%3A%2F%2Fgraph.microsoft.com&code=d");
}

BOOST_AUTO_TEST_SUITE_END()
