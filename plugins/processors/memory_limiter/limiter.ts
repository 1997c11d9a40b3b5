import type { Clock, Logger } from 'sluice/plugin';
import type { Config, Limits } from './config.ts';
import type { Memory } from './memory.ts';

type Level = 'normal' | 'soft' | 'hard';

/** Measures memory and says whether data is to be refused. It logs when that changes, once. */
export class Limiter {
  private readonly config: Config;
  private readonly limits: Limits;
  private readonly memory: Memory;
  private readonly clock: Clock;
  private readonly logger: Logger;
  private lastCollection = -Infinity;
  /** How often in a row a collection did not help enough. */
  private vain = 0;
  refusing = false;

  constructor(
    config: Config,
    limits: Limits,
    { memory, clock, logger }: { memory: Memory; clock: Clock; logger: Logger },
  ) {
    this.config = config;
    this.limits = limits;
    this.memory = memory;
    this.clock = clock;
    this.logger = logger;
  }

  async check(): Promise<void> {
    let used = this.memory.used();
    let level = this.level(used);
    if (level !== 'normal' && this.mayCollect(level)) {
      await this.memory.collect();
      this.lastCollection = this.clock.now();
      used = this.memory.used();
      level = this.level(used);
      this.vain = level === 'normal' ? 0 : this.vain + 1;
    }
    const refuse = level !== 'normal';
    if (refuse === this.refusing) return;
    this.refusing = refuse;
    const fields = {
      used_mib: mib(used),
      soft_limit_mib: mib(this.limits.soft),
      hard_limit_mib: mib(this.limits.hard),
    };
    if (refuse) this.logger.warn(fields, 'memory usage is above the soft limit: refusing data');
    else {
      this.vain = 0;
      this.logger.info(fields, 'memory usage is back within limits: taking data again');
    }
  }

  private level(used: number): Level {
    if (used >= this.limits.hard) return 'hard';
    return used >= this.limits.soft ? 'soft' : 'normal';
  }

  /** The time between collections doubles while they are in vain: they stop everything else. */
  private mayCollect(level: 'soft' | 'hard'): boolean {
    const { config } = this;
    const min = level === 'hard' ? config.min_gc_interval_when_hard_limited : config.min_gc_interval_when_soft_limited;
    const max = level === 'hard' ? config.max_gc_interval_when_hard_limited : config.max_gc_interval_when_soft_limited;
    const grown = this.vain === 0 ? min : Math.max(min, config.check_interval) * 2 ** (this.vain - 1);
    return this.clock.now() - this.lastCollection >= Math.max(min, Math.min(grown, max));
  }
}

function mib(bytes: number): number {
  return Math.round(bytes / 1024 / 1024);
}
