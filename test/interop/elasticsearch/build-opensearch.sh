#!/usr/bin/env bash
# build-opensearch.sh: puts a real OpenSearch into ~/.cache/sluice-peers/opensearch/2.19.6, once for a machine: the jars of the
# node and of its HTTP layer, and a main class that starts one node. Needs Java 11, Maven and its registry. Never part of a test run.
set -euo pipefail
version=2.19.6
target=$HOME/.cache/sluice-peers/opensearch/$version
[ -e "$target/done" ] && exit 0
mkdir -p "$target"
cat >"$target/pom.xml" <<POM
<project><modelVersion>4.0.0</modelVersion>
<groupId>peers</groupId><artifactId>opensearch</artifactId><version>1</version><dependencies>
<dependency><groupId>org.opensearch</groupId><artifactId>opensearch</artifactId><version>$version</version></dependency>
<dependency><groupId>org.opensearch.plugin</groupId><artifactId>transport-netty4-client</artifactId><version>$version</version></dependency>
<dependency><groupId>org.apache.logging.log4j</groupId><artifactId>log4j-core</artifactId><version>2.25.4</version></dependency>
</dependencies></project>
POM
cat >"$target/Peer.java" <<'JAVA'
import java.util.*;
import org.opensearch.common.logging.LogConfigurator;
import org.opensearch.common.settings.Settings;
import org.opensearch.node.*;
import org.opensearch.transport.Netty4Plugin;

/** One node: DIRECTORY HTTP_PORT TRANSPORT_PORT LOG_LEVEL [setting=value]… */
public class Peer extends Node {
  Peer(Settings settings) {
    super(InternalSettingsPreparer.prepareEnvironment(settings, Map.of(), null, () -> "peer"), List.of(Netty4Plugin.class), false);
  }
  public static void main(String[] given) throws Exception {
    Settings.Builder builder = Settings.builder()
      .put("cluster.name", "peer").put("node.name", "peer").put("path.home", given[0])
      .put("network.host", "127.0.0.1").put("http.port", given[1]).put("transport.port", given[2])
      .put("http.type", "netty4").put("transport.type", "netty4")
      .put("discovery.type", "single-node").put("logger.level", given[3])
      .put("cluster.routing.allocation.disk.threshold_enabled", false);
    for (int i = 4; i < given.length; i++) { String[] pair = given[i].split("=", 2); builder.put(pair[0], pair[1]); }
    Settings settings = builder.build();
    LogConfigurator.configureWithoutConfig(settings);
    Peer node = new Peer(settings);
    Runtime.getRuntime().addShutdownHook(new Thread(() -> { try { node.close(); } catch (Exception e) { e.printStackTrace(); } }));
    node.start();
    System.out.println("opensearch ready");
    Thread.currentThread().join();
  }
}
JAVA
mvn -B -q -f "$target/pom.xml" dependency:copy-dependencies -DoutputDirectory="$target/lib" -DincludeScope=runtime
javac -nowarn -cp "$target/lib/*" -d "$target" "$target/Peer.java"
touch "$target/done"
