"""stable-baselines' environments in processes: each seeds itself from Python's global state, which its maker has
just set to one number in all of them.

As reported: hill-a/stable-baselines issue 1120.
"""

import random

import gymnasium
import numpy as np
from stable_baselines3.common.utils import set_random_seed
from stable_baselines3.common.vec_env import SubprocVecEnv


class Target(gymnasium.Env):
    observation_space = gymnasium.spaces.Box(0.0, 1.0, (2,), np.float64)
    action_space = gymnasium.spaces.Discrete(2)

    def reset(self, *, seed=None, options=None):
        return np.array([random.random(), random.random()]), {}  # draws

    def step(self, action):
        return np.zeros(2), 0.0, True, False, {}


def make():
    set_random_seed(0)  # made
    return Target()


if __name__ == "__main__":
    environments = SubprocVecEnv([make] * 3, start_method="fork")
    start = environments.reset()
    print("all start alike" if (start == start[0]).all() else "starts differ")
    environments.close()
