"""gymnasium's vector environment in forked processes: an environment that draws from numpy's global state
starts alike in all of them.

As reported: Farama-Foundation/Minigrid issue 173, RLBench issue 92.
"""

import gymnasium
import numpy as np

np.random.seed(1)  # made


class Target(gymnasium.Env):
    observation_space = gymnasium.spaces.Box(0.0, 1.0, (2,), np.float64)
    action_space = gymnasium.spaces.Discrete(2)

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        return np.random.random(2), {}  # draws

    def step(self, action):
        return np.zeros(2), 0.0, True, False, {}


if __name__ == "__main__":
    environments = gymnasium.vector.AsyncVectorEnv([Target] * 4, context="fork")
    start, _ = environments.reset()
    print("all start alike" if (start == start[0]).all() else "starts differ")
    environments.close()
