#define BOOST_TEST_MODULE oauth
#include <boost/test/unit_test.hpp>
