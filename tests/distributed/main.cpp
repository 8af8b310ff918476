// Every rank runs every test, in the same order.
#define DOCTEST_CONFIG_IMPLEMENT
#include <doctest/doctest.h>

#include <xgrad/distributed/distributed.h>

int main(int argc, char** argv) {
  xgrad::distributed::init(xgrad::distributed::InitOptions().timeout(120));
  return doctest::Context(argc, argv).run();
}
